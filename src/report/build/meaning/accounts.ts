import type { FileChange, Meaning } from '../../change-report.js';
import type { Account, Accounts } from '../accounts.js';

/** The users and groups of both sides. */
export interface KnownAccounts {
  before: Accounts;
  after: Accounts;
}

/** Users and groups that came, went or changed, by the files that list them. */
export function meaningOfAccounts(files: readonly FileChange[], { before, after }: KnownAccounts): Meaning[] {
  const users = files.find(({ path }) => path === '/etc/passwd');
  const groups = files.find(({ path }) => path === '/etc/group');
  return [
    ...(users === undefined ? [] : differences([before.users, after.users], { file: users, topic: 'user' })),
    ...(groups === undefined
      ? []
      : differences([before.groups, after.groups], { file: groups, topic: 'group' })),
  ];
}

interface AccountFile {
  file: FileChange;
  topic: 'user' | 'group';
}

function differences(
  [before, after]: [Map<string, Account>, Map<string, Account>],
  { file: { path, causes }, topic }: AccountFile,
): Meaning[] {
  const names = [...new Set([...before.keys(), ...after.keys()])];
  return names.flatMap((name): Meaning[] => {
    const [old, now] = [before.get(name), after.get(name)];
    const told = differenceOf(old, now, topic);
    return told === undefined ? [] : [{ topic, ...told, path, causes }];
  });
}

function differenceOf(
  old: Account | undefined,
  now: Account | undefined,
  topic: AccountFile['topic'],
): Pick<Meaning, 'action' | 'what'> | undefined {
  const id = topic === 'user' ? 'uid' : 'gid';
  if (old === undefined) return now && { action: 'added', what: `${now.name} (${id} ${now.id})` };
  if (now === undefined) return { action: 'removed', what: `${old.name} (${id} ${old.id})` };
  const changes = [
    old.id === now.id ? '' : `${id} ${old.id} -> ${now.id}`,
    ...(topic === 'user' ? userChanges(old, now) : [memberChanges(old, now)]),
  ].filter(Boolean);
  return changes.length === 0
    ? undefined
    : { action: 'changed', what: `${now.name} (${changes.join(', ')})` };
}

function userChanges(old: Account, now: Account): string[] {
  return ['home', 'shell'].map((field, at) =>
    old.rest[at] === now.rest[at] ? '' : `${field} ${old.rest[at]} -> ${now.rest[at]}`,
  );
}

function memberChanges(old: Account, now: Account): string {
  const membersOf = ({ rest: [members = ''] }: Account) => members.split(',').filter(Boolean);
  const [had, has] = [membersOf(old), membersOf(now)];
  return [
    ...has.filter((name) => !had.includes(name)).map((name) => `${name} joins`),
    ...had.filter((name) => !has.includes(name)).map((name) => `${name} leaves`),
  ].join(', ');
}
