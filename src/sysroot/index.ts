export * from './atomic.js';
export * from './layout.js';
export { lockSysroot } from './lock.js';
export { keepLogs } from './logs.js';
export { keepPackage, makeFolder, packageFile } from './packages.js';
export { listPlanFiles, newPlanName, readPlanFile, removePlanFile, writePlanFile } from './plans.js';
export { listStages, openStage, removeFolder, removeStaleStages, type Stage } from './stage.js';
export { State, type TransactionRecord } from './state.js';
export { initSysroot, openSysroot, requireWritableSysroot, type Sysroot } from './sysroot.js';
