import type { FileChange, Meaning } from '../../change-report.js';
import { type KnownAccounts, meaningOfAccounts } from './accounts.js';
import { meaningOfModules } from './modules.js';
import { meaningOfPaths } from './paths.js';
import { meaningOfPrivileges } from './privileges.js';
import { meaningOfUnits } from './units.js';

/** What changes of files mean for the system, by topic. */
export function findMeaning(files: readonly FileChange[], accounts: KnownAccounts): Meaning[] {
  return [
    ...meaningOfAccounts(files, accounts),
    ...meaningOfUnits(files),
    ...meaningOfPrivileges(files),
    ...meaningOfModules(files),
    ...meaningOfPaths(files),
  ];
}
