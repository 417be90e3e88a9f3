export { type Change, type ChangeKind, readChanges } from './changes.js';
export { compiledEntry, packageRoot } from './entry.js';
export * from './libc.js';
export { fillMovedFolders, type OverlayFolders } from './moved.js';
export { copiedUpInodes } from './overlay-index.js';
export { type Probe, probeSandbox } from './probe.js';
export { type ConfinedEnd, type ConfinedRun, type LeftoverProcess, startConfined } from './spawn.js';
export type { ConfinedContext, ConfinedModule, SandboxSpec } from './spec.js';
