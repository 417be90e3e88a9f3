import { findBase } from '../base/index.js';
import { linkedDeployment, switchTo } from '../deployment/index.js';
import type { DeploymentInfo } from '../report/results.js';
import { VeneerError } from '../support/errors.js';
import type { Sysroot } from '../sysroot/index.js';
import type { RunOptions } from './events.js';
import { noDeployment } from './install.js';
import { inSession } from './session.js';
import { runTransaction } from './transaction.js';
import type { DeploymentRecordOf } from './types.js';

/**
 * Makes the previous deployment current again, and the current one previous: a second rollback undoes the first.
 * Where the current deployment is the first one, its bare base is deployed instead.
 * Throws E_NO_DEPLOYMENT, and E_NO_PREVIOUS where that is a bare base already.
 */
export async function rollback(
  sysroot: Sysroot,
  options: RunOptions = {},
): Promise<{ from: DeploymentInfo; to: DeploymentInfo }> {
  const from = linkedDeployment<DeploymentRecordOf>(sysroot, 'current');
  if (from === undefined) throw noDeployment();
  const to = linkedDeployment<DeploymentRecordOf>(sysroot, 'previous');
  if (to === undefined || to.info.id === from.info.id) return rollbackToBase(sysroot, from.info, options);
  return inSession(sysroot, options, async (session) => {
    await session.phase('commit', () => switchTo(sysroot, to.info.id));
    session.deployed = to.info.id;
    return { from: from.info, to: to.info };
  });
}

async function rollbackToBase(sysroot: Sysroot, from: DeploymentInfo, options: RunOptions) {
  if (from.layer === null) {
    throw new VeneerError('E_NO_PREVIOUS', `${from.id} is the first deployment, and a bare base`, {
      hint: 'there is nothing to go back to',
    });
  }
  const base = findBase(sysroot.bases, from.base.id);
  const request = async () => ({ packages: [] });
  const { deployment } = await runTransaction(sysroot, () => ({ base, request }), options);
  return { from, to: deployment };
}
