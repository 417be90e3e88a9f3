export { type CheckoutOptions, type CheckoutSource, checkOut, finishFolders } from './checkout.js';
export { type MergeChange, mergeLayer } from './merge.js';
