import { packageNameOf } from '../../../rpm/nevra.js';
import type { FileChange, FileFacts, ReportedCause, Warning } from '../../change-report.js';
import { registryOf } from '../../registries.js';
import { privilegesOf } from '../meaning/privileges.js';

type Finding = Pick<Warning, 'rule' | 'severity' | 'text'> | undefined;

const UNCHANGED = '.......';
const WORLD_WRITABLE = 0o002;
const STICKY = 0o1000;

/** What one changed path gives reason to look at. */
export function warningsOfFiles(file: FileChange): Warning[] {
  const findings = [foreign, inPlace, unowned, worldWritable, setUid, capabilities, configKept];
  const by = actorOf(file);
  return findings.flatMap((find) => {
    const found = find(file);
    return found === undefined ? [] : [{ ...found, path: file.path, ...by }];
  });
}

/** The scriptlet that touched a path last, or else the package that brought it. */
function actorOf({ causes }: FileChange): Pick<Warning, 'scriptlet' | 'package'> {
  const cause = causes.findLast(isScriptlet) ?? causes.findLast(({ by }) => by === 'payload');
  if (cause === undefined || cause.by === 'rpm') return { scriptlet: null, package: null };
  return { scriptlet: cause.by === 'scriptlet' ? cause.name : null, package: cause.package };
}

function isScriptlet(cause: ReportedCause) {
  return cause.by === 'scriptlet';
}

function foreign({ path, kind, letters, owner, causes }: FileChange): Finding {
  if (kind === 'added' || owner === null || registryOf(path) !== undefined) return undefined;
  const name = packageNameOf(owner);
  const strangers = causes.filter(
    (cause) => cause.by === 'scriptlet' && packageNameOf(cause.package) !== name,
  );
  if (strangers.length === 0) return undefined;
  const verb =
    kind === 'removed' ? 'removed' : letters === UNCHANGED ? 'touched, and is as it was' : 'changed';
  const isProgram = path.startsWith('/usr/') || path.startsWith('/boot/');
  const severity = letters === UNCHANGED ? 'low' : isProgram || kind === 'removed' ? 'high' : 'medium';
  return { rule: 'foreign-file', severity, text: `${path} of ${name} was ${verb}` };
}

function inPlace({ path, kind, letters, inPlace: isSo }: FileChange): Finding {
  if (!isSo || kind !== 'changed') return undefined;
  const registry = registryOf(path);
  if (registry?.keptBy === 'ldconfig') return undefined;
  const isMinor =
    letters === UNCHANGED || path.startsWith('/var/') || (registry !== undefined && !registry.precious);
  const text =
    letters === UNCHANGED
      ? `${path} was touched in place, and is as it was`
      : `${path} was changed in place, not replaced`;
  return { rule: 'in-place-write', severity: isMinor ? 'low' : 'medium', text };
}

/** Folders are told by what is in them. */
function unowned({ path, kind, owner, after }: FileChange): Finding {
  if (kind !== 'added' || owner !== null || after?.type === 'directory') return undefined;
  if (registryOf(path) !== undefined) return undefined;
  const isCache = path.includes('/__pycache__/');
  const isProgram = /^\/(?:usr|boot|opt)\//.test(path) && !isCache;
  return {
    rule: 'unowned-file',
    severity: isProgram ? 'medium' : 'low',
    text: `${path} belongs to no package`,
  };
}

function worldWritable({ path, before, after }: FileChange): Finding {
  if (after === null || after.type === 'symlink' || !has(after, WORLD_WRITABLE)) return undefined;
  if (before !== null && before.type !== 'symlink' && has(before, WORLD_WRITABLE)) return undefined;
  const sticky = after.type === 'directory' && has(after, STICKY);
  return {
    rule: 'world-writable',
    severity: sticky ? 'low' : 'high',
    text: `everyone may write ${path} (${after.mode})`,
  };
}

function setUid({ path, before, after }: FileChange): Finding {
  const gained = privilegesOf(after);
  if (gained === '' || gained === privilegesOf(before)) return undefined;
  const severity = gained.includes('set-uid') ? 'high' : 'medium';
  return { rule: 'set-uid', severity, text: `${path} is ${gained}` };
}

function capabilities({ path, before, after }: FileChange): Finding {
  const gained = after?.capabilities ?? '';
  const had = new Set(grants(before?.capabilities ?? ''));
  if (grants(gained).every((grant) => had.has(grant))) return undefined;
  return { rule: 'capabilities', severity: 'high', text: `${path} has ${gained}` };
}

/** Each capability with each of its letters; of sets that take some away again, the whole text. */
function grants(capabilities: string): string[] {
  if (/[+-]/.test(capabilities)) return [capabilities];
  return capabilities.split(' ').flatMap((part) => {
    const [names = '', letters = ''] = part.split('=');
    return [...letters].flatMap((letter) => names.split(',').map((name) => `${name}=${letter}`));
  });
}

function configKept({ path, kind }: FileChange): Finding {
  const [, original, ending] = /^(.*)\.(rpm(?:new|save|orig))$/.exec(path) ?? [];
  if (original === undefined || kind === 'removed') return undefined;
  const text =
    ending === 'rpmnew'
      ? `${original} was kept, the package's own is ${path}`
      : `${original} was moved to ${path}`;
  return { rule: 'config-kept', severity: 'medium', text };
}

function has({ mode }: FileFacts, bits: number): boolean {
  return (Number.parseInt(mode, 8) & bits) !== 0;
}
