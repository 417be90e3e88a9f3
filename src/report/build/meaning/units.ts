import type { FileChange, Meaning } from '../../change-report.js';

const UNIT = '[^/]+\\.(?:service|socket|target|timer|mount|automount|path|slice|swap)';
const UNIT_FILE = new RegExp(`^/(?:usr/lib|lib|etc)/systemd/(system|user)/(${UNIT})$`);
const DROP_IN = new RegExp(`^/(?:usr/lib|lib|etc)/systemd/(?:system|user)/(${UNIT})\\.d/([^/]+\\.conf)$`);
const ENABLING_LINK = new RegExp(`^/etc/systemd/(?:system|user)/([^/]+)\\.(wants|requires)/(${UNIT})$`);
const SWITCHED = { added: 'enabled', removed: 'disabled', changed: 'changed' } as const;

/** systemd units that came, went, or are enabled and disabled by links; where units lie: systemd.unit(5). */
export function meaningOfUnits(files: readonly FileChange[]): Meaning[] {
  return files.flatMap((file): Meaning[] => {
    const told = unitFile(file) ?? dropIn(file) ?? enablingLink(file);
    return told === undefined
      ? []
      : [{ topic: 'systemd unit', ...told, path: file.path, causes: file.causes }];
  });
}

type Told = Pick<Meaning, 'action' | 'what'> | undefined;

function unitFile({ path, kind, before, after }: FileChange): Told {
  const [, scope, unit] = UNIT_FILE.exec(path) ?? [];
  if (unit === undefined) return undefined;
  const facts = after ?? before;
  const name = scope === 'user' ? `${unit} (for users)` : unit;
  if (facts?.type !== 'symlink' || !path.startsWith('/etc/')) return { action: kind, what: name };
  // In /etc a link is what systemctl makes: to /dev/null it masks the unit, otherwise it is another name for one.
  const masks = facts.target === '/dev/null';
  if (masks) return { action: kind === 'removed' ? 'enabled' : 'disabled', what: `${name} (masked)` };
  return { action: SWITCHED[kind], what: `${name} (alias of ${lastPart(facts.target)})` };
}

function dropIn({ path, kind }: FileChange): Told {
  const [, unit, file] = DROP_IN.exec(path) ?? [];
  return unit === undefined ? undefined : { action: 'changed', what: `${unit} (${file} ${kind})` };
}

function enablingLink({ path, kind }: FileChange): Told {
  const [, by, how, unit] = ENABLING_LINK.exec(path) ?? [];
  if (unit === undefined) return undefined;
  return { action: SWITCHED[kind], what: `${unit} (${how === 'wants' ? 'wanted' : 'required'} by ${by})` };
}

function lastPart(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
