/**
 * The public API: what a program uses, and the command line as well. Layering needs root; a program that ordinary
 * users may run calls `enterUserNamespace` before anything else.
 */

export { applyPlan } from './engine/apply.js';
export { importBaseInto, listBasesIn, removeBaseFrom, verifyBaseIn } from './engine/bases.js';
export { type DiffOptions, diffRefs } from './engine/diff.js';
export { doctor } from './engine/doctor.js';
export type { EngineEvent, RunOptions } from './engine/events.js';
export { type FsckOptions, fsck } from './engine/fsck.js';
export {
  type InstallRequest,
  install,
  previewInstall,
  previewUninstall,
  uninstall,
} from './engine/install.js';
export { listLayerChanges } from './engine/layer-changes.js';
export { findShown, mountAt, type ShellOptions, type Shown, shellIn, unmountFrom } from './engine/look.js';
export { PHASES, type Phase } from './engine/phases.js';
export { reportDifference, reportPlan } from './engine/plan-report.js';
export { discardPlan, findPlan, listPlans } from './engine/plans.js';
export { listPackages, status } from './engine/queries.js';
export { rollback } from './engine/rollback.js';
export { enterUserNamespace } from './engine/user-namespace.js';
export type { LayerChange } from './layer/index.js';
export type {
  DifferenceReportRequest,
  LayerReportRequest,
  ReportedLayer,
  ReportTree,
} from './report/build/index.js';
export * from './report/index.js';
export type * from './report/results.js';
export type { Cause, Problem, ScriptletRun, TransactionEvent } from './rpm/events.js';
export { ERROR_EXITS, type ErrorCode, EXIT, VeneerError } from './support/errors.js';
export { version } from './support/version.js';
export { initSysroot, isOwnSysroot, openSysroot, type Sysroot } from './sysroot/sysroot.js';
export { displayPath } from './tree/path.js';
