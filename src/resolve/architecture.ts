import type { PackageFile } from '../rpm/package-file.js';
import { VeneerError } from '../support/errors.js';

/** rpm's names of what each kind of processor runs, as Node calls the processors (rpmrc.in, arch_compat). */
const COMPATIBLE: Record<string, readonly string[]> = {
  x64: ['x86_64', 'x86_64_v2', 'x86_64_v3', 'x86_64_v4', 'amd64', 'i686', 'i586', 'i486', 'i386'],
  ia32: ['i686', 'i586', 'i486', 'i386'],
  arm64: ['aarch64'],
  arm: ['armv7hl', 'armv7hnl', 'armv7l', 'armv6hl', 'armv6l', 'armv5tel'],
  ppc64: ['ppc64le'],
  riscv64: ['riscv64'],
  s390x: ['s390x'],
};

/** Whether packages of an architecture can be installed on this host; `noarch` and keys (no architecture) can. */
export function runsHere(arch: string): boolean {
  return arch === 'noarch' || arch === '' || hostArchitectures().includes(arch);
}

/** Throws E_RPM_ARCH for a package that is made for other processors than this host's. */
export function requireArchitecture({ path, nevra, arch }: PackageFile): void {
  if (runsHere(arch)) return;
  const [host = process.arch] = hostArchitectures();
  throw new VeneerError(
    'E_RPM_ARCH',
    `${path}: ${nevra} is made for ${arch}, this host runs ${host} and noarch`,
    { hint: `get the package for ${host}` },
  );
}

function hostArchitectures(): readonly string[] {
  return COMPATIBLE[process.arch] ?? [process.arch];
}
