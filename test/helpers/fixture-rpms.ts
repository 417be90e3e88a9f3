import { join } from 'node:path';
import { ensurePackages, ensureTiny } from '../../fixtures/ensure.js';
import { settleDatabase } from '../../fixtures/install-base.js';
import { plainRpm, privateCopy } from './plain-rpm.js';

const packages = await ensurePackages();
const tiny = await ensureTiny();

/** The tree of the tiny base; read-only. */
export const TINY = join(tiny, 'base');

/** The folder of all fixture packages; read-only. */
export const RPMS = join(packages, 'rpms');

/** The path of a fixture package, by `name-version`. */
export function rpm(nameVersion: string, arch = 'noarch'): string {
  return join(RPMS, `${nameVersion}-1.${arch}.rpm`);
}

/** Makes a tree at `target`: the tiny base with packages in it that plain rpm installed. */
export async function tinyWith(packagePaths: readonly string[], target: string): Promise<string> {
  await privateCopy(TINY, target);
  await plainRpm(target, ['-U', ...packagePaths]);
  await settleDatabase(target);
  return target;
}
