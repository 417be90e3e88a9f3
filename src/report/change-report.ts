import type { PackageChange } from './results.js';

/**
 * What a plan would change, or what differs between two trees: the one form that text, JSON and HTML are made of.
 * It is what `--json` prints; `schema/change-report.schema.json` describes it. Paths begin with a slash and are UTF-8;
 * where a name is not, stray bytes are escaped as C writes them.
 */
export interface ChangeReport {
  formatVersion: 1;
  /** What is compared: `plan` and `deployment` against their base, or any two. */
  subject: ReportSubject;
  /** What was asked, as the user wrote it, and what it was resolved to. */
  asked: { command: string; packages: { asked: string; nevra: string; dependencies: string[] }[] };
  packages: ReportedPackage[];
  totals: ReportTotals;
  /** In the order in which they ran; those that rpm would skip stand at their package's place with `ran` false. */
  scriptlets: ReportedScriptlet[];
  /** In path order; without folders whose times alone moved and without the rpmdb's own files. */
  files: FileChange[];
  /** What the changes mean for the system, beyond files. */
  meaning: Meaning[];
  /** What deserves a look, worst first. */
  warnings: Warning[];
  /** Milliseconds; empty where nothing was run. */
  durations: { phases: Record<string, number>; scriptletsMs: number };
}

export interface ReportSubject {
  kind: 'plan' | 'deployment' | 'difference';
  /** How the user may name the two sides: `base tiny`, `plan 3fa9c1`, `deployment 2-94dc189f`. */
  before: string;
  after: string;
  base: { id: string; name: string; digest: string };
  /** ISO 8601. */
  created: string;
  /** How the base was shown to rpm, and why so: see `ChosenView`. */
  view: { kind: string; reason: string } | null;
}

export interface ReportedPackage extends PackageChange {
  /** Bytes when installed, and the difference to what it replaces. */
  installedSize: number;
  sizeDifference: number;
  /** Bytes of its file; null where it is not known (a package that is removed). */
  downloadSize: number | null;
  /** Whether the user asked for it, or another package needs it. */
  requested: boolean;
  summary: string;
}

export interface ReportTotals {
  added: number;
  changed: number;
  removed: number;
  inPlace: number;
  /** By how many bytes the tree grows; negative where it shrinks. */
  bytes: number;
  downloadBytes: number;
}

/** Who changed a path. */
export type ReportedCause =
  | { by: 'payload'; package: string }
  | { by: 'scriptlet'; name: string; package: string }
  | { by: 'rpm' };

export interface ReportedScriptlet {
  /** `hello.post`: the name of its log. */
  name: string;
  package: string;
  kind: string;
  /** What it fires for, where it is a trigger. */
  firesFor: string[];
  interpreter: string;
  body: string;
  ran: boolean;
  /** Why it did not run; '' where it did. */
  skipped: string;
  status: number | null;
  signal: number | null;
  failed: boolean;
  durationMs: number;
  cpuMs: number;
  /** What it wrote, the end of it where it is long; control characters are as they came. */
  output: { text: string; bytes: number; truncated: boolean };
  /** How many of the changed paths it had a hand in. */
  changedPaths: number;
  /** What it tried to reach over the network. */
  network: { tcp: number; udp: number; dns: number };
  interpreterMissing: string | null;
  commandsNotFound: string[];
}

export interface FileFacts {
  type: 'file' | 'directory' | 'symlink' | 'fifo' | 'socket' | 'char' | 'block';
  /** Octal, four digits: `0755`. */
  mode: string;
  uid: number;
  gid: number;
  /** By the tree's own passwd and group; '' where it has no name. */
  user: string;
  group: string;
  size: number;
  /** Of a symlink; otherwise ''. */
  target: string;
  /** File capabilities as getcap(8) shows them; otherwise ''. */
  capabilities: string;
  /** SHA-256 of a file's content in hex; '' where it is no file. */
  sha256: string;
  /** Names of extended attributes but those shown otherwise. */
  xattrs: string[];
}

export interface FileChange {
  path: string;
  kind: 'added' | 'changed' | 'removed';
  /**
   * Which aspects changed, at fixed places, `.` where one did not: c content, p permissions, u user, g group,
   * x extended attributes and ACLs, C capabilities, t type or target; `+++++++` added, `-------` removed.
   */
  letters: string;
  before: FileFacts | null;
  after: FileFacts | null;
  causes: ReportedCause[];
  inPlace: boolean;
  /** The package that owns the path afterwards, or before where it is removed; null for nobody's. */
  owner: string | null;
  /**
   * A unified diff of a text file under 64 KiB; null otherwise, where not everyone may read the file, and where a
   * package merely brings or takes away a file of its own outside of /etc.
   */
  diff: string | null;
}

export interface Meaning {
  topic:
    | 'user'
    | 'group'
    | 'systemd unit'
    | 'set-uid or set-gid'
    | 'capabilities'
    | 'alternative'
    | 'cron'
    | 'PAM'
    | 'sudoers'
    | 'kernel module'
    | 'shared libraries'
    | 'configuration kept';
  action: 'added' | 'changed' | 'removed' | 'enabled' | 'disabled';
  /** `sshd (uid 101)`, `ssh.service`. */
  what: string;
  path: string | null;
  causes: ReportedCause[];
}

export interface Warning {
  /** A stable name, which `--fail-on` takes. */
  rule: WarningRule;
  severity: 'high' | 'medium' | 'low';
  text: string;
  /** The path, or the folder that many findings of one kind and origin have in common. */
  path: string | null;
  /** Who did it, where that is known. */
  scriptlet: string | null;
  package: string | null;
}

/** What `--fail-on` knows, each with what it means. */
export const WARNING_RULES = {
  'foreign-file': 'a file of another package was changed',
  'in-place-write':
    "a file of the base was written in place: on a bare hardlink that would change the base's own",
  'unowned-file': 'a file was made that no package owns',
  'world-writable': 'a path that everyone may write was added',
  'set-uid': 'a set-uid or set-gid file was added, or became one',
  capabilities: 'a file gained capabilities',
  'scriptlet-failed': 'a scriptlet failed and that was tolerated',
  'command-not-found': 'a scriptlet called a command that the tree does not have',
  network: 'a scriptlet tried to reach the network',
  'left-process': 'a scriptlet left a process behind',
  'config-kept': 'a configuration file was kept or saved aside (.rpmnew, .rpmsave, .rpmorig)',
  'outside-usr': 'paths under /var, /opt or /usr/local were changed, which outlive a deployment',
} as const;

export type WarningRule = keyof typeof WARNING_RULES;
