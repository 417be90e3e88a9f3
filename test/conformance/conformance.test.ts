import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, type TestContext, test } from 'vitest';
import { needProgram, needRoot } from '../helpers/skip.js';
import { listExceptions } from './exceptions.js';
import { type Measured, measure, VIEWS } from './measure.js';
import { listedExceptions, refusedLines, renderTable, tableIn, withTable } from './table.js';
import { removeTree } from './tree.js';

const README = join(import.meta.dirname, '../../scriptlet-sandbox/README.md');
const ENOUGH_HARMFUL_VECTORS = 150;

/** On the disk and not in a tmpfs, whose inodes have no flags and no room behind their end. */
const folder = mkdtempSync(join(process.env.VENEER_TEST_DIR ?? '/var/tmp', 'veneer-conformance-'));
afterAll(() => removeTree(folder));

let measuring: Promise<Measured[]> | undefined;

/** Every vector in every view, measured once for all tests of this file. */
async function measured(context: TestContext): Promise<Measured[]> {
  needRoot(context);
  for (const program of ['gcc', 'fuse-overlayfs', 'newuidmap', 'rsync', 'cpio'])
    needProgram(program, context);
  measuring ??= measure(folder);
  return measuring;
}

test('without a view, at least 150 vectors change the base of a hardlink copy', async (context) => {
  for (const { yardstick } of await measured(context)) {
    expect(yardstick.harmful.size).toBeGreaterThanOrEqual(ENOUGH_HARMFUL_VECTORS);
  }
});

test('every vector works on a private copy, but for what the file system or the kernel lacks', async (context) => {
  const [first] = await measured(context);
  const refused = [...(first?.yardstick.refused ?? [])].filter(
    ([, reason]) => !/^(EOPNOTSUPP|ENOTTY|ENOSYS|EINVAL): |not supported/.test(reason),
  );
  expect(refused).toEqual([]);
});

test.for(VIEWS)(
  '%s: no vector reaches the base, and whatever else differs has a known reason',
  async (view, context) => {
    const of = (await measured(context)).find((one) => one.view === view);
    const exceptions = of === undefined ? [] : listExceptions(of);
    expect(of?.verdicts.length).toBeGreaterThan(ENOUGH_HARMFUL_VECTORS);
    expect(exceptions.filter(({ stage }) => stage === 'base')).toEqual([]);
    expect(exceptions.filter(({ reason }) => reason === undefined)).toEqual([]);
  },
);

test('the table in the README is what was measured', async (context) => {
  const results = await measured(context);
  const readme = readFileSync(README, 'utf8');
  const table = renderTable(results);
  if (process.env.VENEER_WRITE_TABLE === '1') writeFileSync(README, withTable(readme, table));
  const committed = tableIn(process.env.VENEER_WRITE_TABLE === '1' ? withTable(readme, table) : readme);
  const here = refusedLines(results);
  if (here.every((line) => committed.includes(line))) expect(committed).toBe(table);
  // On another file system or kernel other vectors can be tried: then those are compared that both know.
  else expect(worse(listedExceptions(table), listedExceptions(committed), committed)).toEqual([]);
});

/** What fails here and not in the committed table, vectors left out that could not be tried there. */
function worse(here: ReadonlySet<string>, there: ReadonlySet<string>, committed: string): string[] {
  const untried = new Set(/^Not possible .*: (.*)\.$/m.exec(committed)?.[1]?.split(', '));
  return [...here].filter((one) => !there.has(one) && !untried.has(one.split(' / ')[2] ?? ''));
}
