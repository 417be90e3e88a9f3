import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { expect, test } from 'vitest';
import { run } from '../src/support/processes.js';

const ROOT = join(import.meta.dirname, '..');
const LONGEST_FUNCTION = 60;

test('imports go one way, as the design says', async () => {
  const { exitCode, stdout } = await run(
    join(ROOT, 'node_modules/.bin/depcruise'),
    ['--config', '.dependency-cruiser.cjs', '--output-type', 'err-long', 'src', 'scriptlet-sandbox'],
    { cwd: ROOT, reject: false },
  );
  expect(exitCode, stdout).toBe(0);
});

test('the check of imports sees the whole program', async () => {
  const { stdout } = await run(
    join(ROOT, 'node_modules/.bin/depcruise'),
    ['--config', '.dependency-cruiser.cjs', '--output-type', 'json', 'src', 'scriptlet-sandbox'],
    { cwd: ROOT, reject: false, maxBuffer: 1 << 30 },
  );
  const { modules } = JSON.parse(stdout) as { modules: { source: string; dependencies: unknown[] }[] };
  const index = modules.find(({ source }) => source === 'src/index.ts');
  expect(index?.dependencies.length).toBeGreaterThan(5);
});

test('every function of the engine is short enough to be read at once', () => {
  const folder = join(ROOT, 'src/engine');
  const tooLong = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .flatMap((name) => functionLengths(join(folder, name)))
    .filter(({ lines }) => lines >= LONGEST_FUNCTION);
  expect(tooLong).toEqual([]);
});

function functionLengths(path: string): { name: string; lines: number }[] {
  const source = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest, true);
  const found: { name: string; lines: number }[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node)) found.push({ name: label(node, path), lines: lineCount(node, source) });
    node.forEachChild(visit);
  };
  visit(source);
  return found;
}

function label(node: ts.SignatureDeclaration, path: string): string {
  return `${path}: ${node.name?.getText() ?? 'a function without a name'}`;
}

function lineCount(node: ts.Node, source: ts.SourceFile): number {
  const line = (position: number) => source.getLineAndCharacterOfPosition(position).line;
  return line(node.getEnd()) - line(node.getStart()) + 1;
}
