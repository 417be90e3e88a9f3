import type { Command } from 'commander';
import { enterUserNamespace, isOwnSysroot } from '../index.js';
import { namedSysroot } from './answer.js';
import { pathOf } from './command-path.js';

/** These change nothing: root's sysroot can be read by others as it is. */
const READING = [
  ...['base list', 'base verify', 'status', 'packages', 'diff', 'fsck'],
  ...['plan list', 'plan show', 'plan diff'],
];

/** These look at no sysroot, or do what would be gone with the namespace. */
const NEVER = ['doctor', 'mount', 'unmount'];

/**
 * Before a command does anything: run by an ordinary user it starts anew in a user namespace where it changes
 * something, or where it reads a sysroot of that user's own, whose files belong to subordinate ids.
 */
export function enterWhereNeeded(command: Command): void {
  const name = pathOf(command).split(' ').slice(1).join(' ');
  if (NEVER.includes(name)) return;
  if (!READING.includes(name) || isOwnSysroot(namedSysroot(command))) enterUserNamespace();
}
