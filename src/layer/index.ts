export { findActs, type Testimony } from './causes.js';
export { checkUpper } from './check-upper.js';
export { type BaseView, collectChanges, type LayerChange } from './collect.js';
export {
  countChanges,
  findLayer,
  type Layer,
  type LayerRecord,
  layerKey,
  makeLayerFolders,
  readLayerChanges,
  rekeyLayer,
  writeLayer,
} from './store.js';
export { runTransactionIn, type TransactionResult } from './transact.js';
