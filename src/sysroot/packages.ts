import { constants, copyFileSync, existsSync, mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import type { Sysroot } from './sysroot.js';

/** Where the package of a digest is kept. */
export function packageFile({ packages }: Sysroot, sha256: string): string {
  return join(packages, `${sha256}.rpm`);
}

/** Keeps a copy of an RPM file for re-layering; one that is there already is left alone. `stage` is on the same file system. */
export function keepPackage(
  sysroot: Sysroot,
  stage: string,
  { path, sha256 }: { path: string; sha256: string },
): void {
  const place = packageFile(sysroot, sha256);
  if (existsSync(place)) return;
  const temporary = join(stage, `${sha256}.rpm`);
  copyFileSync(path, temporary, constants.COPYFILE_FICLONE);
  renameSync(temporary, place);
}

/** Makes a folder in a stage. */
export function makeFolder(folder: string): void {
  mkdirSync(folder, { recursive: true });
}
