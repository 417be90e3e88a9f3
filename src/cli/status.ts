import type { Command } from 'commander';
import { status, statusText } from '../index.js';
import { answer } from './answer.js';
import { examples } from './examples.js';

/** `veneer status`. */
export function addStatus(program: Command): void {
  program
    .command('status')
    .description('show the current and the previous deployment, and the bases')
    .addHelpText('after', examples('veneer status', 'veneer status --json | jq -r .result.current.id'))
    .action((_options, command: Command) =>
      answer(command, (context) => {
        const result = status(context.openSysroot());
        return { result, text: (view) => statusText(result, view) };
      }),
    );
}
