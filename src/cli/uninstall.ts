import type { Command } from 'commander';
import { outcomeText, previewUninstall, uninstall } from '../index.js';
import { answer } from './answer.js';
import { examples } from './examples.js';
import { addPreviewOptions, answerPreview, type PreviewOptions, wantsPreview } from './preview.js';
import { timeLimitOption } from './time-limit.js';

/** `veneer uninstall`. */
export function addUninstall(program: Command): void {
  const command = program
    .command('uninstall')
    .description('take packages out of the request and deploy what is left, computed from the base')
    .argument('<names...>', 'names of layered packages')
    .addOption(timeLimitOption())
    .addHelpText('after', examples('veneer uninstall hello', 'veneer uninstall vim-enhanced git'))
    .action((names: string[], options: PreviewOptions & { timeLimit?: number }, self: Command) =>
      answer(self, async (context) => {
        const run = { ...context.run, timeLimitMs: options.timeLimit, fresh: options.fresh };
        const sysroot = context.openSysroot();
        if (wantsPreview(options)) {
          return answerPreview(sysroot, await previewUninstall(sysroot, names, run), options);
        }
        const outcome = await uninstall(sysroot, names, run);
        return { result: outcome, text: (view) => outcomeText(outcome, view) };
      }),
    );
  addPreviewOptions(command);
}
