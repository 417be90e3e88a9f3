import type { Command } from 'commander';
import { applyPlan, outcomeText } from '../index.js';
import { answer } from './answer.js';
import { examples } from './examples.js';

/** `veneer apply`. */
export function addApply(program: Command): void {
  program
    .command('apply')
    .description('deploy the very files that a preview showed; no scriptlet runs again')
    .argument('<plan>', 'the id of a plan, or how it begins')
    .addHelpText('after', examples('veneer apply p3fa9c1', 'veneer plan list        the plans there are'))
    .action((ref: string, _options, command: Command) =>
      answer(command, async (context) => {
        const outcome = await applyPlan(context.openSysroot(), ref, context.run);
        return { result: outcome, text: (view) => outcomeText(outcome, view) };
      }),
    );
}
