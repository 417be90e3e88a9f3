import type { Command } from 'commander';
import { install, outcomeText } from '../index.js';
import { answer } from './answer.js';
import { examples } from './examples.js';
import { timeLimitOption } from './time-limit.js';

interface InstallOptions {
  base?: string;
  from?: string[];
  timeLimit?: number;
}

/** `veneer install`. */
export function addInstall(program: Command): void {
  program
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
        'veneer install --base fedora --from /srv/rpms vim-enhanced git',
        'veneer install --base fedora-next          the same request on another base',
      ),
    )
    .action((packages: string[], { base, from = [], timeLimit }: InstallOptions, command: Command) =>
      answer(command, async (context) => {
        const request = base === undefined ? { packages, from } : { packages, from, base };
        const outcome = await install(context.openSysroot(), request, {
          ...context.run,
          timeLimitMs: timeLimit,
        });
        return { result: outcome, text: (view) => outcomeText(outcome, view) };
      }),
    );
}

function append(value: string, before: string[] = []): string[] {
  return [...before, value];
}
