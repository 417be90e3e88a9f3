import { type ChangeReport, WARNING_RULES, type Warning } from '../../change-report.js';
import { warningsOfFiles } from './files.js';
import { gathered } from './gather.js';
import { warningsOfPlaces } from './places.js';
import { warningsOfScriptlets } from './scriptlets.js';

/** What warnings are found in. */
export interface Warned extends Pick<ChangeReport, 'files' | 'scriptlets'> {
  /** Processes that scriptlets left running. */
  leftovers: readonly { pid: number; command: string }[];
}

const SEVERITIES: readonly Warning['severity'][] = ['high', 'medium', 'low'];
const RULES = Object.keys(WARNING_RULES);

/** What deserves a look, worst first; many findings of one kind in one folder are one. */
export function findWarnings(warned: Warned): Warning[] {
  const found = [
    ...warningsOfScriptlets(warned),
    ...gathered(warned.files.flatMap(warningsOfFiles)),
    ...warningsOfPlaces(warned.files),
  ];
  const rank = ({ severity, rule }: Warning) =>
    SEVERITIES.indexOf(severity) * RULES.length + RULES.indexOf(rule);
  return found.sort((a, b) => rank(a) - rank(b));
}
