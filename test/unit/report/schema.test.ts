import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { packageRoot } from '../../../scriptlet-sandbox/index.js';
import { buildDifferenceReport } from '../../../src/report/build/index.js';
import { type ChangeReport, WARNING_RULES } from '../../../src/report/change-report.js';
import { rpm, TINY, tinyWith } from '../../helpers/fixture-rpms.js';
import { layerOf, reportOf } from '../../helpers/reports.js';
import { newSysroot, temporaryFolder } from '../../helpers/workspace.js';

const schema = JSON.parse(readFileSync(join(packageRoot(), 'schema/change-report.schema.json'), 'utf8'));
const ajv = new Ajv2020({
  allErrors: true,
  strict: true,
  formats: { 'date-time': /^\d{4}-\d\d-\d\dT[\d:.]+Z$/ },
});
const validate = ajv.compile(schema);

/** What the schema has against a report as it would be printed. */
function faults(report: ChangeReport): string[] {
  validate(JSON.parse(JSON.stringify(report)));
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

const MANY = `hello-1.0 probe-files-1 probe-editor-1 probe-user-1 probe-trigger-1 probe-names-1 probe-noisy-1
  probe-daemon-1 probe-lua-1`.split(/\s+/);

test('a report of a layer is as the schema says', async () => {
  const report = await reportOf(MANY.map((name) => rpm(name)));
  expect(faults(report)).toEqual([]);
  expect(report.packages).toHaveLength(MANY.length);
});

test('a report of upgrades and removals is as the schema says', async () => {
  const base = await tinyWith([rpm('hello-1.0'), rpm('probe-files-1')], join(temporaryFolder(), 'base'));
  const report = await reportOf([rpm('hello-2.0'), rpm('probe-files-2')], base);
  expect(faults(report)).toEqual([]);
  expect(report.packages.map(({ kind }) => kind)).toEqual(['upgraded', 'upgraded']);
  expect(new Set(report.files.map(({ kind }) => kind))).toEqual(new Set(['added', 'changed', 'removed']));
});

test('a report of two trees is as the schema says', async () => {
  const { subject, asked, layer, base } = await layerOf([rpm('hello-1.0')], await newSysroot(TINY));
  const after = { tree: base.tree, upper: layer.upper, changes: layer.changes };
  const report = await buildDifferenceReport({
    subject: { ...subject, kind: 'difference', view: null },
    ...{ asked, before: { tree: TINY }, after },
  });
  expect(faults(report)).toEqual([]);
  expect(report.files.map(({ path }) => path)).toContain('/usr/bin/hello');
});

test('the schema refuses what is no report', async () => {
  const report = await reportOf([rpm('hello-1.0')]);
  const [file] = report.files;
  const { meaning: _meaning, ...lacking } = report;
  expect(faults(lacking as ChangeReport)).not.toEqual([]);
  expect(faults({ ...report, formatVersion: 2 as 1 })).not.toEqual([]);
  expect(
    faults({ ...report, files: [{ ...file, letters: 'c' } as ChangeReport['files'][number]] }),
  ).not.toEqual([]);
});

test('the schema knows the same warning rules as the program', () => {
  expect(schema.$defs.warning.properties.rule.enum).toEqual(Object.keys(WARNING_RULES));
});
