import type { Command } from 'commander';
import { install, outcomeText, previewInstall } from '../index.js';
import { answer } from './answer.js';
import { examples } from './examples.js';
import { addPreviewOptions, answerPreview, type PreviewOptions, wantsPreview } from './preview.js';
import { timeLimitOption } from './time-limit.js';

interface InstallOptions extends PreviewOptions {
  base?: string;
  from?: string[];
  timeLimit?: number;
}

/** `veneer install`. */
export function addInstall(program: Command): void {
  const command = program
    .command('install')
    .description('layer packages on the base, with all that was asked for before, as a new deployment')
    .argument('[packages...]', 'RPM files, or names to look for in the folders of --from')
    .option('--base <name>', 'the base to stand on (that of the current deployment, or the only one)')
    .option(
      '--from <dir>',
      'a folder of RPMs to take names and dependencies from; may be repeated',
      append,
      [],
    )
    .addOption(timeLimitOption())
    .usage('[options] [PACKAGE.rpm | NAME...]')
    .addHelpText(
      'after',
      examples(
        'veneer install ./hello-1.0-1.noarch.rpm',
        'veneer install --preview ./hello-1.0-1.noarch.rpm       what it would do, to the file',
        'veneer install --base fedora --from /srv/rpms vim-enhanced git',
        'veneer install --base fedora-next          the same request on another base',
      ),
    )
    .action((packages: string[], options: InstallOptions, self: Command) =>
      answer(self, async (context) => {
        const { base, from = [], timeLimit, fresh } = options;
        const request = base === undefined ? { packages, from } : { packages, from, base };
        const run = { ...context.run, timeLimitMs: timeLimit, fresh };
        const sysroot = context.openSysroot();
        if (wantsPreview(options)) {
          return answerPreview(sysroot, await previewInstall(sysroot, request, run), options);
        }
        const outcome = await install(sysroot, request, run);
        return { result: outcome, text: (view) => outcomeText(outcome, view) };
      }),
    );
  addPreviewOptions(command);
}

function append(value: string, before: string[] = []): string[] {
  return [...before, value];
}
