import type { Command } from 'commander';
import { rollback, rollbackText } from '../index.js';
import { answer } from './answer.js';
import { examples } from './examples.js';

/** `veneer rollback`. */
export function addRollback(program: Command): void {
  program
    .command('rollback')
    .description('make the previous deployment the current one; a second rollback returns')
    .addHelpText('after', examples('veneer rollback'))
    .action((_options, command: Command) =>
      answer(command, async (context) => {
        const result = await rollback(context.openSysroot(), context.run);
        return { result, text: (view) => rollbackText(result, view) };
      }),
    );
}
