import type { Command } from 'commander';
import {
  basesText,
  EXIT,
  type FsckFinding,
  findingsText,
  importBaseInto,
  importedText,
  listBasesIn,
  removeBaseFrom,
  removedText,
  VeneerError,
  verifyBaseIn,
} from '../index.js';
import { type Answer, answer, type Context } from './answer.js';
import { examples } from './examples.js';

/** `veneer base import|list|remove|verify`. */
export function addBase(program: Command): void {
  const base = program.command('base').description('the immutable trees that packages are layered on');
  addImport(base);
  addList(base);
  addRemove(base);
  addVerify(base);
}

function addImport(base: Command): void {
  base
    .command('import')
    .description('take a root file system with an rpmdb in as a base')
    .argument('<source>', 'a folder, a tar (plain or compressed), or - for a tar on standard input')
    .requiredOption('--name <name>', 'what the base is called from now on')
    .addHelpText(
      'after',
      examples(
        'veneer base import /srv/rootfs --name fedora',
        'veneer base import rootfs.tar.xz --name fedora',
        'podman export CONTAINER | veneer base import - --name fedora',
      ),
    )
    .action((source: string, { name }: { name: string }, command: Command) =>
      answer(command, async (context) => {
        const imported = await importBaseInto(context.openSysroot(), { source, name }, context.run);
        return { result: imported, text: (view) => importedText(imported, view) };
      }),
    );
}

function addList(base: Command): void {
  base
    .command('list')
    .description('show the bases')
    .addHelpText('after', examples('veneer base list', 'veneer base list --json'))
    .action((_options, command: Command) =>
      answer(command, (context) => {
        const bases = listBasesIn(context.openSysroot());
        return { result: bases, text: (view) => basesText(bases, view) };
      }),
    );
}

function addRemove(base: Command): void {
  base
    .command('remove')
    .description('remove a base that no deployment stands on')
    .argument('<name>', 'its name or id')
    .addHelpText('after', examples('veneer base remove fedora'))
    .action((name: string, _options, command: Command) =>
      answer(command, async (context) => {
        const removed = await removeBaseFrom(context.openSysroot(), name, context.run);
        return { result: removed, text: () => removedText(removed) };
      }),
    );
}

function addVerify(base: Command): void {
  base
    .command('verify')
    .description('read every byte of a base again and compare it with what was imported')
    .argument('[name]', 'its name or id; every base where it is left out')
    .addHelpText('after', examples('veneer base verify', 'veneer base verify fedora'))
    .action((name: string | undefined, _options, command: Command) =>
      answer(command, (context) => verify(context, name)),
    );
}

async function verify(context: Context, name: string | undefined): Promise<Answer> {
  const sysroot = context.openSysroot();
  const names = name === undefined ? listBasesIn(sysroot).map((base) => base.id) : [name];
  if (names.length === 0) {
    throw new VeneerError('E_NO_BASE', 'there is no base to verify', {
      hint: 'run `veneer base import FOLDER-OR-TAR --name NAME`',
    });
  }
  const findings: FsckFinding[] = [];
  for (const one of names)
    findings.push(...(await verifyBaseIn(sysroot, one, { ...context.run, data: true })));
  return {
    result: { checked: names, findings },
    text: (view) => findingsText(findings, `read every byte of ${names.join(', ')}`, view),
    exitStatus: findings.length === 0 ? EXIT.done : EXIT.damage,
  };
}
