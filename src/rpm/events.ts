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
}

/** The lines that the sandboxed process sends to the engine, in order. */
export type TransactionEvent =
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
