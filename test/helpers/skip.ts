import { spawnSync } from 'node:child_process';
import type { TestContext } from 'vitest';

/**
 * Skips the running test for want of something on this machine, saying what; with VENEER_FORBID_SKIPS=1 (set in CI)
 * the test fails instead, so that a run cannot be green because it ran nothing.
 */
export function skipUnless(present: boolean, reason: string, context: TestContext): void {
  if (present) return;
  if (process.env.VENEER_FORBID_SKIPS === '1') throw new Error(`would be skipped: ${reason}`);
  process.stdout.write(`skipped: ${context.task.name}: ${reason}\n`);
  context.skip(reason);
}

/** Skips the running test without root: sandboxes, owners and device nodes need it. */
export function needRoot(context: TestContext): void {
  skipUnless(process.getuid?.() === 0, 'needs root', context);
}

/** Skips the running test where a program is not installed. */
export function needProgram(program: string, context: TestContext): void {
  const found = spawnSync('sh', ['-c', 'command -v "$0"', program], { stdio: 'ignore' }).status === 0;
  skipUnless(found, `needs the program ${program}`, context);
}
