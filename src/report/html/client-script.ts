import { readFileSync } from 'node:fs';
import { compiledEntry } from '../../support/entry.js';

const IMPORT = /^import\b[^;]*? from '\.\/([\w-]+)\.js';\n/gm;

/**
 * The page's script as one module: the compiled files of `client/` without their import lines, each after those that
 * it imports. Two of them must not declare the same name; a browser would refuse the script. Throws node:fs errors.
 */
export function clientScript(): string {
  const modules = new Map<string, string>();
  collect('main', modules);
  const script = [...modules.values()].join('\n');
  // It stands in the page as it is, so it must not end its own element.
  if (/<\/script|<!--/i.test(script)) throw new Error('the script of the page would end its own element');
  return script;
}

/** Adds a module after those that it imports; that there are no cycles is a rule for all imports. */
function collect(name: string, modules: Map<string, string>): void {
  if (modules.has(name)) return;
  const source = readFileSync(compiledEntry(`src/report/html/client/${name}`), 'utf8');
  for (const [, imported] of source.matchAll(IMPORT)) collect(imported ?? '', modules);
  modules.set(name, source.replace(IMPORT, '').trim());
}
