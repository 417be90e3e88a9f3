import type { ProblemKind } from './librpm.js';

/** What rpm's own checks had against the transaction. */
export interface Problem {
  kind: ProblemKind | 'unknown';
  /** The package that the problem is about: NEVR or NEVRA, as rpm says it. */
  package: string;
  /** The other package, where there is one. */
  other: string;
  /** The requirement, conflict, or file. */
  subject: string;
  /** rpm's own sentence. */
  text: string;
}

/** Who changed a path: a package's files being put in place or taken away, a scriptlet, or rpm for itself. */
export type Cause =
  | { by: 'payload'; package: string }
  | { by: 'scriptlet'; name: string; package: string }
  | { by: 'rpm' };

/** What one cause changed in one folder of the view. */
export interface FolderWrites {
  /** As in `ViewWrite`: to be found with `folderLocator`. */
  folder: string;
  /** True where names in it came, went or were replaced, so that the folder itself changed as well. */
  entries: boolean;
  /** Names in it, one character a byte; '' is the folder itself. */
  names: string[];
  /** Those of the names that are folders which came here by rename. */
  movedFolders: string[];
  /** Handles of the inodes that were written, whatever name they were written by. */
  inodes: string[];
}

/** One run of one scriptlet, as it ended. */
export interface ScriptletRun {
  /** Unique in its transaction, the name of its log: `hello.post`, `probe-trigger.triggerin`, `….triggerin-2`. */
  name: string;
  /** The package that carries the scriptlet (NEVRA); for a trigger not the one that set it off. */
  package: string;
  /** rpm's name of the kind without the percent sign: `pre`, `post`, `triggerin`, `transfiletriggerin`, … */
  kind: string;
  lua: boolean;
  /** Exit status; null where a signal ended it, or where it is Lua and failed. */
  status: number | null;
  signal: number | null;
  failed: boolean;
  durationMs: number;
  /** CPU time, user and system, of its processes that ended and were waited for; of Lua, that of rpm's process. */
  cpuMs: number;
  /** What it tried to send to a network; absent in layers that were made before this was counted. */
  network?: { tcp: number; udp: number; dns: number };
  /** The program that should have run it and is not in the tree (or cannot be executed there); otherwise null. */
  interpreterMissing: string | null;
  /** Commands that its shell or another program could not find, by its own output; also where it did not fail. */
  commandsNotFound: string[];
}

/** The lines that the sandboxed process sends to the engine, in order. */
export type TransactionEvent =
  | { event: 'watching'; how: 'events' | 'walk'; reason: string }
  | { event: 'writes'; by: Cause; folders: FolderWrites[] }
  | { event: 'plan'; elements: { nevra: string; action: 'install' | 'erase' }[] }
  | { event: 'problems'; stage: 'read' | 'check' | 'run'; problems: Problem[] }
  | { event: 'element'; action: 'install' | 'erase'; nevra: string; state: 'start' | 'stop' }
  | { event: 'progress'; nevra: string; done: number; total: number }
  | { event: 'scriptlet-start'; name: string; package: string; kind: string }
  | { event: 'scriptlet-stop'; run: ScriptletRun }
  | { event: 'unpack-error'; nevra: string }
  | { event: 'done'; result: number; failed: string[] };

/** What the engine hands to the sandboxed process. */
export interface TransactionInput {
  /** RPM files of the host, in the order given; librpm orders them itself. */
  packages: { path: string; nevra: string }[];
  /** The rpmdb's folder inside the tree, with a leading slash. */
  dbPath: string;
  /** A folder for logs: `rpm.log`, and one for each scriptlet under its name. */
  logs: string;
}
