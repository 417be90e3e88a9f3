/** What tells one build of a package from every other. */
export interface Nevra {
  name: string;
  /** Undefined where the package has none, which compares like 0 but is written differently. */
  epoch: number | undefined;
  version: string;
  release: string;
  /** '' where the package has none: only a gpg-pubkey pseudo package. */
  arch: string;
}

/** Writes a package as rpm's %{NEVRA} does: `hello-1.0-1.noarch`, or `hello-2:1.0-1.noarch` where it has an epoch. */
export function formatNevra({ name, epoch, version, release, arch }: Nevra): string {
  const epochPart = epoch === undefined ? '' : `${epoch}:`;
  return `${name}-${epochPart}${version}-${release}${arch === '' ? '' : `.${arch}`}`;
}

/**
 * Reads a package's full name back into its parts, undefined where it is not one. Names may hold dashes and versions
 * dots, so it is read from its end: rpm allows no dash in version and release, and no dot in an architecture.
 */
export function parseNevra(text: string): Nevra | undefined {
  const match = /^(.+)-(?:(\d+):)?([^-:]+)-([^-]+)\.([^-.]+)$/.exec(text);
  if (match === null) return undefined;
  const [, name = '', epoch, version = '', release = '', arch = ''] = match;
  return { name, epoch: epoch === undefined ? undefined : Number(epoch), version, release, arch };
}

/** The name in a package's full name: `hello` of `hello-1.0-1.noarch`. A text that is no full name is a name already. */
export function packageNameOf(nevra: string): string {
  return parseNevra(nevra)?.name ?? nevra;
}

/** Every way to write a package that dnf understands, the shortest first: name, name.arch, name-version, … */
export function spellings({ name, epoch, version, release, arch }: Nevra): string[] {
  const evr = `${version}-${release}`;
  const withEpoch = `${epoch ?? 0}:${evr}`;
  return [
    name,
    `${name}.${arch}`,
    `${name}-${version}`,
    `${name}-${evr}`,
    `${name}-${evr}.${arch}`,
    `${name}-${withEpoch}`,
    `${name}-${withEpoch}.${arch}`,
  ];
}
