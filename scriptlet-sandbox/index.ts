export { type Change, type ChangeKind, readChanges } from './changes.js';
export { collectChanges, type TreeChange } from './collect.js';
export { compiledEntry, packageRoot } from './entry.js';
export { SandboxError, type SandboxErrorCode } from './errors.js';
export { findForeign } from './foreign-files.js';
export { FUSE_OVERLAYFS_FAULTS } from './fuse-overlayfs.js';
export { findTouchedName } from './hardlinks.js';
export * from './libc.js';
export type { LimitName, SandboxLimits } from './limits.js';
export { folderLocator, ownHandle } from './locate.js';
export { isMark } from './marks.js';
export { applyChanges, type MergeChange, mergeChanges } from './merge.js';
export { type NetworkAttempts, readNetworkAttempts } from './network.js';
export { type Probe, probeSandbox } from './probe.js';
export { type ReportedChange, type RunReport, reportOf } from './report.js';
export { type RunEnd, type RunOptions, runInView } from './run.js';
export { settleUpper, type Unsettled } from './settle.js';
export { type ConfinedEnd, type ConfinedRun, type LeftoverProcess, startConfined } from './spawn.js';
export type {
  ChosenView,
  ConfinedContext,
  ConfinedModule,
  SandboxSpec,
  ViewFolders,
  ViewKind,
  ViewWatch,
  ViewWrite,
} from './spec.js';
export {
  checkUserNamespace,
  idRanges,
  isRootless,
  needsUserNamespace,
  restartInUserNamespace,
} from './user-namespace.js';
export { closeView, openView, throwAwayView, type View, type ViewOptions } from './view.js';
export { mountReadOnly } from './views.js';
