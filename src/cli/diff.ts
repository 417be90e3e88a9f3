import type { Command } from 'commander';
import { diffRefs, diffText, reportDifference } from '../index.js';
import { answer } from './answer.js';
import { examples } from './examples.js';
import { addReportOptions, answerReport, checkReportOptions, type ReportOptions } from './preview.js';

/** `veneer diff`. */
export function addDiff(program: Command): void {
  const command = program
    .command('diff')
    .description('show what is different in B against A; each a deployment or a base')
    .argument('<a>', 'an id or the beginning of one, `current`, `previous`, or a base')
    .argument('<b>', 'the same')
    .option('--report', 'tell it in the form of a preview: causes, what it means, what deserves a look')
    .addHelpText(
      'after',
      examples(
        'veneer diff previous current',
        'veneer diff fedora current --files',
        'veneer diff previous current --report',
      ),
    )
    .action((a: string, b: string, options: ReportOptions & { report?: boolean }, self: Command) =>
      answer(self, async (context) => {
        const { report, html, failOn, files = false } = options;
        checkReportOptions(options);
        const sysroot = context.openSysroot();
        if (report === true || html !== undefined || failOn !== undefined) {
          return answerReport(await reportDifference(sysroot, a, b), options);
        }
        const result = await diffRefs(sysroot, a, b, { files });
        return { result, text: (view) => diffText(result, view) };
      }),
    );
  addReportOptions(command);
}
