import type { Command } from 'commander';
import { doctor, doctorText, EXIT } from '../index.js';
import { answer } from './answer.js';
import { examples } from './examples.js';

/** `veneer doctor`. */
export function addDoctor(program: Command): void {
  program
    .command('doctor')
    .description('show what this machine offers, what is missing, and how to get it')
    .addHelpText('after', examples('veneer doctor', 'veneer doctor --json'))
    .action((_options, command: Command) =>
      answer(command, async () => {
        const checks = await doctor();
        const isReady = checks.every((check) => check.ok || !check.required);
        return {
          result: { ready: isReady, checks },
          text: (view) => doctorText(checks, view),
          exitStatus: isReady ? EXIT.done : EXIT.failed,
        };
      }),
    );
}
