export type { Problem, ScriptletRun, TransactionEvent, TransactionInput } from './events.js';
export { readInstalled } from './installed.js';
export { packageNameOf, spellings } from './nevra.js';
export type { PackageFacts } from './package-facts.js';
export { digestFile, type PackageFile, readPackageFile } from './package-file.js';
export { findRpmdb, type Rpmdb, requireWritable } from './rpmdb.js';
export { makeShadow, normalizeRpmdb, sealShadow } from './shadow.js';
