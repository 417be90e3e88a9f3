import type { Command } from 'commander';
import { initSysroot, printable } from '../index.js';
import { answer } from './answer.js';
import { examples } from './examples.js';

/** `veneer init`. */
export function addInit(program: Command): void {
  program
    .command('init')
    .description('make a folder a sysroot; it is made where it is missing, and must be empty')
    .addHelpText(
      'after',
      examples('veneer init --sysroot /srv/veneer', 'VENEER_SYSROOT=/srv/veneer veneer init'),
    )
    .action((_options, command: Command) =>
      answer(command, (context) => {
        const { root } = initSysroot(context.sysrootDir());
        return {
          result: { sysroot: root },
          text: () =>
            `made the sysroot ${printable(root)}\nnext: veneer base import FOLDER-OR-TAR --name NAME --sysroot ${printable(root)}`,
        };
      }),
    );
}
