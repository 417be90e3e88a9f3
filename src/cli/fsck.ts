import type { Command } from 'commander';
import { EXIT, findingsText, fsck } from '../index.js';
import { answer } from './answer.js';
import { examples } from './examples.js';

/** `veneer fsck`. */
export function addFsck(program: Command): void {
  program
    .command('fsck')
    .description('check that the sysroot is whole: bases, deployments, layers and records')
    .option('--data', 'read every byte as well, which takes longer')
    .addHelpText('after', examples('veneer fsck', 'veneer fsck --data'))
    .action(({ data }: { data?: boolean }, command: Command) =>
      answer(command, async (context) => {
        const findings = await fsck(context.openSysroot(), { ...context.run, data: data === true });
        return {
          result: { findings },
          text: (view) => findingsText(findings, 'checked the sysroot', view),
          exitStatus: findings.length === 0 ? EXIT.done : EXIT.damage,
        };
      }),
    );
}
