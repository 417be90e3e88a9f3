import type {
  ChangeReport,
  FileChange,
  FileFacts,
  ReportedPackage,
  ReportedScriptlet,
  Warning,
} from '../../src/report/change-report.js';

/** Facts of a file, with what a test wants otherwise. */
export function facts(changes: Partial<FileFacts> = {}): FileFacts {
  return {
    ...{ type: 'file', mode: '0644', uid: 0, gid: 0, user: 'root', group: 'root', size: 1200, target: '' },
    ...{ capabilities: '', sha256: digest(changes.size ?? 1200), xattrs: [] },
    ...changes,
  };
}

/** A path that a package's payload adds, with what a test wants otherwise. */
export function addedFile(path: string, changes: Partial<FileChange> = {}): FileChange {
  return {
    ...{ path, kind: 'added', letters: '+++++++', before: null, after: facts({ size: path.length * 97 }) },
    ...{ causes: [{ by: 'payload', package: 'nginx-1.24.0-2.x86_64' }], inPlace: false, owner: 'nginx' },
    diff: null,
    ...changes,
  };
}

/** A path that a scriptlet changes in place, with a diff, with what a test wants otherwise. */
export function changedFile(path: string, changes: Partial<FileChange> = {}): FileChange {
  return {
    ...addedFile(path),
    ...{ kind: 'changed', letters: 'c......', before: facts({ size: 900 }), after: facts({ size: 961 }) },
    ...{
      causes: [{ by: 'scriptlet', name: 'nginx.pre', package: 'nginx' }],
      inPlace: true,
      owner: 'base-passwd',
    },
    ...changes,
  };
}

/** A scriptlet that went well, with what a test wants otherwise. */
export function reportedScriptlet(changes: Partial<ReportedScriptlet> = {}): ReportedScriptlet {
  return {
    ...{
      name: 'nginx.post',
      package: 'nginx-1.24.0-2.x86_64',
      kind: 'post',
      firesFor: [],
      interpreter: '/bin/sh',
    },
    ...{
      body: 'ldconfig\nsystemctl preset nginx.service\n',
      ran: true,
      skipped: '',
      status: 0,
      signal: null,
    },
    ...{ failed: false, durationMs: 40, cpuMs: 31, output: { text: '', bytes: 0, truncated: false } },
    ...{
      changedPaths: 0,
      network: { tcp: 0, udp: 0, dns: 0 },
      interpreterMissing: null,
      commandsNotFound: [],
    },
    ...changes,
  };
}

/** A package that is added because the user asked for it, with what a test wants otherwise. */
export function reportedPackage(name: string, changes: Partial<ReportedPackage> = {}): ReportedPackage {
  return {
    ...{ name, kind: 'added', before: '', after: `${name}-1.24.0-2.x86_64`, installedSize: 1_843_200 },
    ...{ sizeDifference: 1_843_200, downloadSize: 612_000, requested: true, summary: `The package ${name}` },
    ...changes,
  };
}

/** A warning of medium severity, with what a test wants otherwise. */
export function warning(changes: Partial<Warning> = {}): Warning {
  return {
    ...{ rule: 'unowned-file', severity: 'medium', text: 'No package owns what was made here' },
    ...{ path: null, scriptlet: null, package: null },
    ...changes,
  };
}

/** A report of a plan that changes nothing, with what a test wants otherwise; totals are counted from the files. */
export function changeReport(changes: Partial<ChangeReport> = {}): ChangeReport {
  const files = changes.files ?? [];
  const number = (kind: FileChange['kind']) => files.filter((file) => file.kind === kind).length;
  return {
    formatVersion: 1,
    subject: {
      kind: 'plan',
      before: 'base debian-12',
      after: 'plan 3fa9c1',
      base: { id: 'debian-12-94dc189f0a1b', name: 'debian-12', digest: digest(12) },
      created: '2026-11-24T11:18:37.000Z',
      view: { kind: 'overlay', reason: 'the kernel mounts overlayfs with index=on here' },
    },
    asked: { command: '', packages: [] },
    packages: [],
    totals: {
      ...{ added: number('added'), changed: number('changed'), removed: number('removed') },
      inPlace: files.filter((file) => file.inPlace).length,
      bytes: files.reduce((sum, { before, after }) => sum + (after?.size ?? 0) - (before?.size ?? 0), 0),
      downloadBytes: 0,
    },
    scriptlets: [],
    files,
    meaning: [],
    warnings: [],
    durations: { phases: {}, scriptletsMs: 0 },
    ...changes,
  };
}

/** 64 hex digits that depend on a number: they compress as badly as real ones. */
function digest(seed: number): string {
  let state = seed + 1;
  return Array.from({ length: 8 }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state.toString(16).padStart(8, '0');
  }).join('');
}
