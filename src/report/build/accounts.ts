import { treePath } from '../../tree/path.js';
import type { Side } from './side.js';

/** A line of passwd(5) or group(5). */
export interface Account {
  name: string;
  id: number;
  /** The other fields that say something: home and shell of a user, the members of a group. */
  rest: string[];
}

/** The users and groups that a side knows by its own files. */
export interface Accounts {
  users: Map<string, Account>;
  groups: Map<string, Account>;
  userName(uid: number): string;
  groupName(gid: number): string;
}

/** Reads a side's users and groups; lines that are none are passed over, as libc does. */
export function readAccounts(side: Side): Accounts {
  const users = parse(side.read(treePath('etc/passwd')), ([, , , , , home = '', shell = '']) => [
    home,
    shell,
  ]);
  const groups = parse(side.read(treePath('etc/group')), ([, , , members = '']) => [members]);
  return {
    ...{ users, groups },
    userName: namesById(users),
    groupName: namesById(groups),
  };
}

function parse(bytes: Buffer | undefined, rest: (fields: string[]) => string[]): Map<string, Account> {
  const accounts = new Map<string, Account>();
  for (const line of bytes?.toString('utf8').split('\n') ?? []) {
    const fields = line.split(':');
    const [name = '', , id = ''] = fields;
    if (name === '' || !/^\d+$/.test(id) || accounts.has(name)) continue;
    accounts.set(name, { name, id: Number(id), rest: rest(fields) });
  }
  return accounts;
}

function namesById(accounts: Map<string, Account>): (id: number) => string {
  const names = new Map<number, string>();
  for (const { name, id } of accounts.values()) if (!names.has(id)) names.set(id, name);
  return (id) => names.get(id) ?? '';
}
