import type { Warning } from '../../change-report.js';

/** More findings of one kind in one folder than this are told as one. */
const FEW = 3;

/** What each path must be told of by itself, however many there are. */
const ALWAYS_SINGLE: readonly Warning['rule'][] = [
  'set-uid',
  'capabilities',
  'world-writable',
  'config-kept',
];

/** Folds findings of the same rule, severity and origin in one folder, where there are many. */
export function gathered(warnings: readonly Warning[]): Warning[] {
  const groups = new Map<string, Warning[]>();
  for (const warning of warnings) {
    const { rule, severity, scriptlet, package: owner, path } = warning;
    const single = ALWAYS_SINGLE.includes(rule) ? path : folderOf(path);
    const key = JSON.stringify([rule, severity, scriptlet, owner, single]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [warning]);
    else group.push(warning);
  }
  return [...groups.values()].flatMap((group) => (group.length > FEW ? [together(group)] : group));
}

function together(group: readonly Warning[]): Warning {
  const [first] = group;
  if (first === undefined) throw new Error('a group of findings is never empty');
  const folder = folderOf(first.path);
  return { ...first, path: folder, text: `${group.length} paths in ${folder}${MANY[first.rule] ?? ''}` };
}

const MANY: Partial<Record<Warning['rule'], string>> = {
  'foreign-file': ' of other packages were changed',
  'in-place-write': ' were touched in place',
  'unowned-file': ' belong to no package',
};

function folderOf(path: string | null): string {
  return path?.slice(0, Math.max(1, path.lastIndexOf('/'))) ?? '';
}
