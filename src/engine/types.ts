import type { DeploymentInfo } from './results.js';

export type { Session } from './session.js';

/** What `deployment.json` holds. */
export type DeploymentRecordOf = DeploymentInfo & { formatVersion: 1 };
