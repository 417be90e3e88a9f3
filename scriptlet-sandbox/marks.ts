import { readFileSync } from 'node:fs';

/**
 * True in a user namespace below the machine's first, where root is root over its own ids only: extended attributes
 * `trusted.*` are out of reach there, and overlayfs keeps its marks in `user.*` (mount option `userxattr`).
 */
export function inUserNamespace(): boolean {
  return !/^\s*0\s+0\s+4294967295\s*$/.test(readFileSync('/proc/self/uid_map', 'utf8'));
}

const PREFIX = inUserNamespace() ? 'user.overlay.' : 'trusted.overlay.';

/** The extended attribute in which overlayfs keeps one of its marks: `opaque`, `origin`, `redirect`, … */
export function markName(mark: 'opaque' | 'origin' | 'redirect' | 'upper'): string {
  return `${PREFIX}${mark}`;
}

/** Whether an extended attribute belongs to overlayfs and not to the file. */
export function isMark(name: string): boolean {
  return name.startsWith(PREFIX);
}
