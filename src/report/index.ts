/** Results as people read them: pure functions from a result to text. */

export * from './bases.js';
export * from './change-report.js';
export * from './changes.js';
export * from './diff.js';
export * from './error.js';
export * from './fail-on.js';
export * from './findings.js';
export { requireWritableFile, writeReportHtml } from './html/file.js';
export { changeReportHtml, changeReportHtmlChunks } from './html/page.js';
export * from './outcome.js';
export * from './packages.js';
export { planHintText, planListText, rerunText } from './plans.js';
export * from './preview.js';
export * from './status.js';
export * from './style.js';
export * from './table.js';
export * from './text.js';
