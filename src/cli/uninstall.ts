import type { Command } from 'commander';
import { outcomeText, uninstall } from '../index.js';
import { answer } from './answer.js';
import { examples } from './examples.js';
import { timeLimitOption } from './time-limit.js';

/** `veneer uninstall`. */
export function addUninstall(program: Command): void {
  program
    .command('uninstall')
    .description('take packages out of the request and deploy what is left, computed from the base')
    .argument('<names...>', 'names of layered packages')
    .addOption(timeLimitOption())
    .addHelpText('after', examples('veneer uninstall hello', 'veneer uninstall vim-enhanced git'))
    .action((names: string[], { timeLimit }: { timeLimit?: number }, command: Command) =>
      answer(command, async (context) => {
        const outcome = await uninstall(context.openSysroot(), names, {
          ...context.run,
          timeLimitMs: timeLimit,
        });
        return { result: outcome, text: (view) => outcomeText(outcome, view) };
      }),
    );
}
