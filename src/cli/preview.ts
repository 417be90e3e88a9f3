import { type Command, Option } from 'commander';
import {
  type ChangeReport,
  EXIT,
  failOn,
  knownRules,
  onlyPackage,
  type PreviewOutcome,
  planHintText,
  previewText,
  printable,
  reportPlan,
  requireWritableFile,
  rerunText,
  type Sysroot,
  VeneerError,
  type View,
  WARNING_RULES,
  writeReportHtml,
} from '../index.js';
import type { Answer } from './answer.js';

/** How a report is shown. */
export interface ReportOptions {
  files?: boolean;
  scripts?: boolean;
  only?: string;
  html?: string;
  failOn?: string[];
}

/** What `--preview` and its companions say. */
export interface PreviewOptions extends ReportOptions {
  preview?: boolean;
  fresh?: boolean;
}

/** Adds the options of commands that can preview what they do. */
export function addPreviewOptions(command: Command): Command {
  command
    .option(
      '--preview',
      'run the transaction, keep it as a plan and show what it would change; deploy nothing',
    )
    .option('--fresh', 'run it also where it was run before, and tell how the two runs differ');
  return addReportOptions(command);
}

/** Adds the options of commands that show a report. */
export function addReportOptions(command: Command): Command {
  return command
    .option('--files', 'show every changed path, with differences of text files')
    .option('--scripts', 'show every scriptlet with its body and output')
    .option('--only <package>', 'show what one package does')
    .option('--html <file>', 'write the report as one self-contained HTML file')
    .addOption(failOnOption());
}

function failOnOption(): Option {
  const rules = Object.keys(WARNING_RULES).join(', ');
  const help = `end with status ${EXIT.unsafe} where a rule finds something; separated by commas: ${rules}`;
  return new Option('--fail-on <rules>', help).argParser((value: string) => value.split(',').filter(Boolean));
}

/** Whether a preview is asked for; refuses options that would do nothing, or could not work, before anything is run. */
export function wantsPreview(options: PreviewOptions): boolean {
  const { preview = false, files, scripts, only, html, failOn: rules } = options;
  const needing = {
    '--files': files,
    '--scripts': scripts,
    '--only': only,
    '--html': html,
    '--fail-on': rules,
  };
  const [idle] = Object.entries(needing).find(([, value]) => value !== undefined) ?? [];
  if (!preview && idle !== undefined) {
    throw new VeneerError('E_USAGE', `${idle} is for --preview`, { hint: 'add --preview, or leave it out' });
  }
  checkReportOptions(options);
  return preview;
}

/** Refuses what cannot work before anything is run. */
export function checkReportOptions({ html, failOn: rules }: ReportOptions): void {
  if (rules !== undefined) knownRules(rules);
  if (html !== undefined) requireWritableFile(html);
}

/** The answer to `--preview`: the plan's report, and what can be done with the plan. */
export async function answerPreview(
  sysroot: Sysroot,
  outcome: PreviewOutcome,
  options: ReportOptions,
): Promise<Answer> {
  const { plan, reused, rerun, durations } = outcome;
  const result = { plan, reused, rerun };
  if (plan === null) {
    const text = 'nothing to do: what is deployed has what was asked for already';
    return { result: { ...result, report: null, failedOn: [] }, text: () => text };
  }
  const report = await reportPlan(sysroot, plan, durations);
  const shown = answerReport(report, options);
  return {
    ...shown,
    result: { ...result, ...shown.result },
    text: (view) => shown.text(view, [rerunText(outcome), planHintText(plan)]),
  };
}

interface ReportAnswer extends Answer {
  result: object;
  /** `more`: what else there is to say under the report. */
  text: (view: View, more?: readonly string[]) => string;
}

/** A report as text and JSON, and where asked for as HTML; with `--fail-on` a line and a status for what was found. */
export function answerReport(whole: ChangeReport, options: ReportOptions): ReportAnswer {
  const report = options.only === undefined ? whole : onlyPackage(whole, options.only);
  const failedOn = options.failOn === undefined ? [] : failOn(report, options.failOn);
  if (options.html !== undefined) writeReportHtml(options.html, report);
  const failures = failedOn.map(({ rule, text }) => `failed on ${rule}: ${printable(text)}`).join('\n');
  return {
    result: { report, failedOn },
    text: (view, more = []) =>
      [previewText(report, view, options), ...more, failures].filter(Boolean).join('\n\n'),
    exitStatus: failedOn.length > 0 ? EXIT.unsafe : EXIT.done,
  };
}
