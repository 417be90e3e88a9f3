import { packageNameOf } from '../../rpm/nevra.js';
import type { PackagedScriptlet, ScriptletKind } from '../../rpm/packaged-scriptlets.js';
import type { PackageElement } from './packages.js';

const ON_INSTALL: readonly ScriptletKind[] = ['pretrans', 'pre', 'post', 'posttrans'];
const ON_REMOVAL: readonly ScriptletKind[] = ['preun', 'postun', 'preuntrans', 'postuntrans'];

/** Why a scriptlet that a package of the transaction carries did not run, in words. */
export function whySkipped(
  { kind, firesFor }: PackagedScriptlet,
  action: PackageElement['action'],
  elements: readonly PackageElement[],
): string {
  if (kind === 'verify') return 'runs only when the package is verified (rpm -V)';
  if (ON_REMOVAL.includes(kind) && action === 'install') return 'runs when the package is removed';
  if (ON_INSTALL.includes(kind) && action === 'erase') return 'ran when the package was installed';
  if (kind.includes('filetrigger')) return `no matching file ${movedWord(kind)}: ${firesFor.join(', ')}`;
  if (!kind.includes('trigger')) return 'rpm did not run it';
  const wanted: PackageElement['action'] = kind.endsWith('in') ? 'install' : 'erase';
  const isThere = elements.some(
    (element) => element.action === wanted && firesFor.includes(packageNameOf(element.nevra)),
  );
  const verb = wanted === 'install' ? 'installed' : 'removed';
  return isThere
    ? `its condition on ${firesFor.join(', ')} is not met`
    : `fires when ${firesFor.join(' or ')} is ${verb}`;
}

function movedWord(kind: ScriptletKind): string {
  return kind.endsWith('in') ? 'came' : 'went';
}
