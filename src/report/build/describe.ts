import type { PackageFacts } from '../../rpm/package-facts.js';
import type { FileChange } from '../change-report.js';
import { type Accounts, readAccounts } from './accounts.js';
import { describeFiles } from './files.js';
import { openOwners } from './owners.js';
import type { PathPair } from './pairs.js';
import type { Side } from './side.js';

/** What a report compares. */
export interface Sides {
  before: Side;
  after: Side;
}

/** Describes what pairs of paths are and were, with owners by the rpmdbs and by the packages that came. */
export async function describe(
  sides: Sides,
  pairs: readonly PathPair[],
  come: readonly PackageFacts[],
): Promise<FileChange[]> {
  const owners = openOwners(sides, come);
  try {
    return await describeFiles(pairs, sides, owners);
  } finally {
    owners.close();
  }
}

/** The users and groups of both sides. */
export function accountsOf({ before, after }: Sides): { before: Accounts; after: Accounts } {
  return { before: readAccounts(before), after: readAccounts(after) };
}
