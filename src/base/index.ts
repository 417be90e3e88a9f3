export { type ImportBaseOptions, type ImportProgress, importBase } from './base.js';
export { Manifest, type Totals } from './manifest.js';
export { type ManifestEntry, manifestDigest } from './manifest-entry.js';
export { type Base, findBase, listBases, loadBase, openManifest, removeBase } from './store.js';
export { type Finding, type VerifyOptions, verifyBase } from './verify.js';
