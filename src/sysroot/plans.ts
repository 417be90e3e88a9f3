import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { readRecord, syncFolder, writeFileAtomically } from './atomic.js';
import type { Sysroot } from './sysroot.js';

const SUFFIX = '.json';

/** The ids of the plans there are, in no order. */
export function listPlanFiles({ plans }: Sysroot): string[] {
  if (!existsSync(plans)) return [];
  const names = readdirSync(plans).filter((name) => name.endsWith(SUFFIX));
  return names.map((name) => name.slice(0, -SUFFIX.length));
}

/** Six hex digits that no plan has: short enough to type, and not to be taken for a deployment's number. */
export function newPlanName(sysroot: Sysroot): string {
  for (;;) {
    const id = `p${randomBytes(3).toString('hex')}`;
    if (!existsSync(planFile(sysroot, id))) return id;
  }
}

/** Reads a plan's record. Throws node:fs errors and SyntaxError. */
export function readPlanFile<T>(sysroot: Sysroot, id: string): T {
  const record = readRecord<T>(planFile(sysroot, id));
  if (record === undefined) throw new Error('it is missing');
  return record;
}

/** Writes a plan's record, whole and durable on return. */
export function writePlanFile(sysroot: Sysroot, id: string, record: object): void {
  mkdirSync(sysroot.plans, { recursive: true });
  writeFileAtomically(planFile(sysroot, id), `${JSON.stringify(record, null, 2)}\n`);
}

/** Removes a plan's record. */
export function removePlanFile(sysroot: Sysroot, id: string): void {
  unlinkSync(planFile(sysroot, id));
  syncFolder(sysroot.plans);
}

function planFile({ plans }: Sysroot, id: string): string {
  return join(plans, `${id}${SUFFIX}`);
}
