export { checkOut, finishFolders } from './checkout.js';
export { type MergeChange, mergeLayer } from './merge.js';
export type { CheckoutOptions, CheckoutSource } from './source.js';
