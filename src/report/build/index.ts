/** Reports made from layers and trees: the part of reporting that reads files. */
export {
  buildChangeReport,
  buildDifferenceReport,
  type DifferenceReportRequest,
  type LayerReportRequest,
  type ReportedLayer,
} from './build.js';
export type { ReportTree } from './side.js';
