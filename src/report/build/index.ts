/** Reports made from layers and trees: the part of reporting that reads files. */
export { buildDifferenceReport, type DifferenceReportRequest } from './difference-report.js';
export { buildChangeReport, type LayerReportRequest, type ReportedLayer } from './layer-report.js';
export type { ReportTree } from './side.js';
export { findWarnings } from './warnings/index.js';
