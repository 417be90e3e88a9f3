import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { VeneerError } from '../support/errors.js';

/** Whether what is mounted at a folder itself is named so, or is one of these trees (proc(5), mountinfo). */
export function isMounted(
  folder: string,
  { source, trees }: { source: string; trees: readonly string[] },
): boolean {
  if (!existsSync(folder)) return false;
  const path = realpathSync(folder);
  const lines = readFileSync('/proc/self/mountinfo', 'utf8').trim().split('\n');
  const fields = lines.map((line) => line.split(' ')).findLast((parts) => unescaped(parts[4] ?? '') === path);
  if (fields === undefined) return false;
  const { dev, ino } = statSync(path);
  const isShown = (tree: string) => {
    const stat = statSync(tree, { throwIfNoEntry: false });
    return stat?.dev === dev && stat.ino === ino;
  };
  return fields[fields.indexOf('-') + 2] === source || trees.some(isShown);
}

/** Throws E_USAGE unless a path is a folder with nothing in it. */
export function requireEmptyFolder(folder: string): void {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) {
    throw new VeneerError('E_USAGE', `${folder} is not a folder`, { hint: 'name an empty folder' });
  }
  if (readdirSync(folder, { encoding: 'buffer' }).length === 0) return;
  throw new VeneerError('E_USAGE', `${folder} is not empty`, {
    hint: 'what is in it would be hidden: name an empty folder',
  });
}

/** Blanks, tabs, newlines and backslashes are written as octal numbers there. */
function unescaped(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_match, octal: string) =>
    String.fromCharCode(Number.parseInt(octal, 8)),
  );
}
