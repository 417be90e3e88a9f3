import type { ChangeReport } from './change-report.js';
import { fileSection } from './preview/files.js';
import { headline } from './preview/headline.js';
import { meaningSection } from './preview/meaning.js';
import { onlyPackage } from './preview/only.js';
import { packageSection } from './preview/packages.js';
import { scriptSection } from './preview/scripts.js';
import { timeSection } from './preview/time.js';
import { warningSection } from './preview/warnings.js';
import type { View } from './style.js';

export { onlyPackage } from './preview/only.js';

/** How deep a preview goes; without any of these it is a summary. */
export interface PreviewOptions {
  /** Every path, with old and new values, and what differs in texts. */
  files?: boolean | undefined;
  /** Every scriptlet's body and whole output, those too that rpm skips. */
  scripts?: boolean | undefined;
  /** A package's name or NEVRA: its effects alone. */
  only?: string | undefined;
}

/**
 * A change report as people read it, no line wider than the view: the answer first, then packages, scripts, files,
 * what they mean, what deserves a look, and time. Throws E_USAGE where `only` names no package of the report.
 */
export function previewText(report: ChangeReport, view: View, options: PreviewOptions = {}): string {
  const { files = false, scripts = false, only } = options;
  const shown = only === undefined ? report : onlyPackage(report, only);
  const sections = [
    headline(shown, view, only),
    packageSection(shown, view),
    scriptSection(shown, view, scripts),
    fileSection(shown, view, files),
    meaningSection(shown, view, files),
    warningSection(shown, view, files),
    timeSection(shown, view),
  ];
  return sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n');
}
