import type { DeploymentInfo } from '../report/results.js';

export type { Session } from './session.js';

/** What `deployment.json` holds. */
export type DeploymentRecordOf = DeploymentInfo & { formatVersion: 1 };
