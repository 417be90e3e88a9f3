// Runs a compiled program of this checkout, compiling first what changed: `node .ci/run-built.mjs [PROGRAM ARGS…]`.
// PROGRAM is a path below dist/; without one it only brings dist/ up to date.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync, utimesSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const stamp = join(root, 'dist/.tsbuildinfo');

if (isStale()) {
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  if (!existsSync(tsc)) fail('node_modules is missing: run `npm ci` first');
  // What runs in a browser is compiled apart, with its own types; the stamp is written by the last one.
  for (const project of ['tsconfig.client.json', 'tsconfig.build.json']) {
    const { status } = spawnSync(process.execPath, [tsc, '-p', join(root, project)], {
      stdio: ['ignore', 2, 2],
    });
    if (status !== 0) fail('the sources do not compile');
  }
  // Where only the first had work to do, the second leaves the stamp as old as it was.
  utimesSync(stamp, new Date(), new Date());
}
const [program, ...args] = process.argv.slice(2);
if (program !== undefined) {
  const path = join(root, 'dist', program);
  process.argv = [process.execPath, path, ...args];
  await import(pathToFileURL(path).href);
}

function isStale() {
  if (!existsSync(stamp)) return true;
  const built = statSync(stamp).mtimeMs;
  return ['src', 'scriptlet-sandbox', 'fixtures'].some((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true }).some(
      (entry) => entry.name.endsWith('.ts') && statSync(join(entry.parentPath, entry.name)).mtimeMs > built,
    ),
  );
}

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}
