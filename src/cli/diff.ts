import type { Command } from 'commander';
import { diffRefs, diffText } from '../index.js';
import { answer } from './answer.js';
import { examples } from './examples.js';

/** `veneer diff`. */
export function addDiff(program: Command): void {
  program
    .command('diff')
    .description('show what is different in B against A; each a deployment or a base')
    .argument('<a>', 'an id or the beginning of one, `current`, `previous`, or a base')
    .argument('<b>', 'the same')
    .option('--files', 'compare the files as well')
    .addHelpText('after', examples('veneer diff previous current', 'veneer diff fedora current --files'))
    .action((a: string, b: string, { files }: { files?: boolean }, command: Command) =>
      answer(command, async (context) => {
        const result = await diffRefs(context.openSysroot(), a, b, { files: files === true });
        return { result, text: (view) => diffText(result, view) };
      }),
    );
}
