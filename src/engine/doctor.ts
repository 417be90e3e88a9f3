import { isRootless, type Probe, probeSandbox } from '../../scriptlet-sandbox/index.js';
import type { DoctorCheck } from '../report/results.js';
import { VeneerError } from '../support/errors.js';
import { run } from '../support/processes.js';
import { tryUserNamespace } from './user-namespace.js';

/** Looks at what this machine offers: each check tries the thing itself. Never throws. */
export async function doctor(): Promise<DoctorCheck[]> {
  return [
    privilegeCheck(),
    ...(await Promise.all(PROGRAMS.map(checkProgram))),
    ...probeSandbox().map(probeCheck),
  ];
}

/** Without overlayfs the view is a copy: slower, and as good. */
function probeCheck({ name, error }: Probe): DoctorCheck {
  const ok = error === undefined;
  if (name.startsWith('overlayfs')) {
    const detail = ok ? `overlay (${name} works)` : `copy, which is slower (${name}: ${error})`;
    return { name: 'view', ok, required: false, detail, hint: ok ? undefined : probeHint(name) };
  }
  const hint = ok ? undefined : probeHint(name);
  return { name, ok, required: true, detail: error ?? 'works', hint };
}

const LIBRARY_PACKAGES: Readonly<Record<string, string>> = { librpm: 'rpm', libseccomp: 'libseccomp2' };

function probeHint(name: string): string {
  const source = LIBRARY_PACKAGES[name];
  if (source !== undefined) return `apt-get install ${source}`;
  return 'this kernel or container does not allow it';
}

interface Program {
  name: string;
  args: string[];
  required: boolean;
  what: string;
  package: string;
}

const PROGRAMS: readonly Program[] = [
  {
    name: 'rpm',
    args: ['--version'],
    required: true,
    what: 'brings librpm and its configuration',
    package: 'rpm',
  },
  { name: 'unshare', args: ['--version'], required: true, what: 'starts the sandbox', package: 'util-linux' },
  { name: 'tar', args: ['--version'], required: false, what: 'imports tars', package: 'tar' },
  { name: 'dnf', args: ['--version'], required: false, what: 'resolves names with --from', package: 'dnf' },
  {
    name: 'createrepo_c',
    args: ['--version'],
    required: false,
    what: 'indexes folders given with --from',
    package: 'createrepo-c',
  },
];

async function checkProgram({ name, args, required, what, package: source }: Program): Promise<DoctorCheck> {
  try {
    const { stdout } = await run(name, args);
    return { name, ok: true, required, detail: `${stdout.split('\n')[0]} (${what})` };
  } catch {
    return { name, ok: false, required, detail: `missing: ${what}`, hint: `apt-get install ${source}` };
  }
}

function privilegeCheck(): DoctorCheck {
  const check = { name: 'privileges', required: true };
  if (process.getuid?.() === 0) {
    return { ...check, ok: true, detail: isRootless() ? 'root of a user namespace' : 'running as root' };
  }
  try {
    tryUserNamespace();
    return { ...check, ok: true, detail: 'not root: works in a user namespace, with subordinate ids' };
  } catch (error) {
    if (!(error instanceof VeneerError)) throw error;
    return { ...check, ok: false, detail: error.message, hint: error.hint };
  }
}
