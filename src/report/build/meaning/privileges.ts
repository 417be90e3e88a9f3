import type { FileChange, FileFacts, Meaning } from '../../change-report.js';

const SET_UID = 0o4000;
const SET_GID = 0o2000;

/** What a file's set-uid and set-gid bits let who runs it become: `set-uid root`; '' where it has none. */
export function privilegesOf(facts: FileFacts | null): string {
  if (facts === null || facts.type !== 'file') return '';
  const mode = Number.parseInt(facts.mode, 8);
  return [
    mode & SET_UID ? `set-uid ${facts.user || facts.uid}` : '',
    mode & SET_GID ? `set-gid ${facts.group || facts.gid}` : '',
  ]
    .filter(Boolean)
    .join(', ');
}

/** Files that gain or lose set-uid and set-gid bits, or capabilities. */
export function meaningOfPrivileges(files: readonly FileChange[]): Meaning[] {
  return files.flatMap((file) => [
    ...told(file, 'set-uid or set-gid', [privilegesOf(file.before), privilegesOf(file.after)]),
    ...told(file, 'capabilities', [file.before?.capabilities ?? '', file.after?.capabilities ?? '']),
  ]);
}

function told(
  { path, causes }: FileChange,
  topic: Meaning['topic'],
  [before, after]: [string, string],
): Meaning[] {
  if (before === after) return [];
  const action = before === '' ? 'added' : after === '' ? 'removed' : 'changed';
  const value = action === 'changed' ? `${before} -> ${after}` : before || after;
  return [{ topic, action, what: `${path} (${value})`, path, causes }];
}
