import type { Command } from 'commander';
import { listPackages, type PackageLine, packagesText, type Sysroot, VeneerError } from '../index.js';
import { answer } from './answer.js';
import { examples } from './examples.js';

/** `veneer packages`. */
export function addPackages(program: Command): void {
  program
    .command('packages')
    .description('list the packages of a deployment or a base, and where each comes from')
    .argument(
      '[deployment]',
      'an id or the beginning of one, `current`, `previous`, or a base (default: current)',
    )
    .argument('[name]', 'only the package of this name')
    .addHelpText(
      'after',
      examples(
        'veneer packages',
        'veneer packages previous bash',
        'veneer packages bash             where no deployment is called so: bash in the current one',
      ),
    )
    .action((deployment: string | undefined, name: string | undefined, _options, command: Command) =>
      answer(command, (context) => {
        const result = find(context.openSysroot(), deployment, name);
        return { result, text: (view) => packagesText(result, view) };
      }),
    );
}

function find(sysroot: Sysroot, deployment: string | undefined, name: string | undefined): PackageLine[] {
  try {
    return listPackages(sysroot, deployment, name);
  } catch (error) {
    const isUnknown = error instanceof VeneerError && error.code === 'E_NO_DEPLOYMENT';
    if (!isUnknown || deployment === undefined || name !== undefined) throw error;
    // One word that is no deployment is most often meant as a package of the current one.
    const found = listPackages(sysroot, undefined, deployment);
    if (found.length === 0) throw error;
    return found;
  }
}
