export { findActs, type Testimony } from './causes.js';
export { type BaseView, collectChanges, type LayerChange } from './collect.js';
export { checkUpper } from './stamp.js';
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
