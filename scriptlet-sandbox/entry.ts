import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * The compiled file of a module that starts in a thread or process of its own, such as `src/tree/digest-worker`.
 * Threads and sandboxed processes run plain Node, so they always load dist/, also when the caller runs from source.
 */
export function compiledEntry(module: string): string {
  return join(packageRoot(), 'dist', `${module}.js`);
}

/** The folder with package.json: how far up it is depends on whether this runs compiled or from the sources. */
export function packageRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder);
  return folder;
}
