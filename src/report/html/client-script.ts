import { readFileSync } from 'node:fs';
import { compiledEntry } from '../../support/entry.js';

/** The modules of the page's script: each after those that it imports. */
const MODULES = ['dom', 'format', 'data', 'model', 'diff', 'facts', 'tree', 'keys', 'search', 'main'];

/**
 * The page's script as one module: the compiled files of `client/`, one after the other, without their import lines.
 * Two of them must not declare the same name; a browser would refuse the script. Throws node:fs errors.
 */
export function clientScript(): string {
  const script = MODULES.map((name) => withoutImports(compiledClient(name))).join('\n');
  // It stands in the page as it is, so it must not end its own element.
  if (/<\/script|<!--/i.test(script)) throw new Error('the script of the page would end its own element');
  return script;
}

function compiledClient(name: string): string {
  return readFileSync(compiledEntry(`src/report/html/client/${name}`), 'utf8');
}

function withoutImports(source: string): string {
  return source.replace(/^import\b[^;]*;\n/gm, '').trim();
}
