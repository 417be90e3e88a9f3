import type { ScriptletRun } from '../rpm/events.js';

/** A package that a request names, or one that it needs; kept as `packages/<sha256>.rpm`. */
export interface KeptPackage {
  name: string;
  nevra: string;
  sha256: string;
}

/** One thing that the user asked to be layered. */
export interface RequestedPackage extends KeptPackage {
  /** What the user typed: a path or a name. */
  asked: string;
  /** What the base lacks for it. */
  dependencies: KeptPackage[];
}

/** What the user asked to be layered on a base. */
export interface Request {
  packages: RequestedPackage[];
}

export interface PackageChange {
  name: string;
  kind: 'added' | 'removed' | 'upgraded' | 'downgraded' | 'replaced';
  /** NEVRA; '' where there was or is none. */
  before: string;
  after: string;
}

/** How many paths a layer adds, changes and removes in its base's tree. */
export interface ChangeCounts {
  added: number;
  changed: number;
  removed: number;
  /** Files of the base that were written or whose metadata was changed in place: what bare hardlinks would lose. */
  inPlace: number;
}

export interface DeploymentInfo {
  id: string;
  /** ISO 8601. */
  created: string;
  base: { id: string; name: string; digest: string };
  request: Request;
  /** The layer's key; null for a bare base. */
  layer: string | null;
  packages: PackageChange[];
  changes: ChangeCounts;
  command: string;
}

/** What a preview keeps, so that exactly that can be applied. */
export interface PlanInfo {
  /** Short: people type it. */
  id: string;
  /** ISO 8601. */
  created: string;
  /** The command that made it, for its owner to run again. */
  command: string;
  base: { id: string; name: string; digest: string };
  request: Request;
  /** All packages to install, with what they need. */
  packages: KeptPackage[];
  /** The layer's key; null where nothing is left to layer. */
  layer: string | null;
  /** The deployment that was current when the plan was made; null for none. */
  onto: string | null;
  /** The deployment that came of it; null until it is applied. */
  applied: string | null;
  changes: ChangeCounts;
}

/** What the preview of install and uninstall answers. */
export interface PreviewOutcome {
  /** Null where the request is as it was, so that there is nothing to apply. */
  plan: PlanInfo | null;
  /** True where an earlier layer of the same base and packages was used and no scriptlet ran. */
  reused: boolean;
  /** What came out differently when a stored layer was made anew, without times and the rpmdb. */
  rerun: FileDifference[] | null;
  /** Milliseconds by phase. */
  durations: Record<string, number>;
}

/** What install and uninstall answer. */
export interface Outcome {
  /** False where the request is as it was, so that nothing was deployed. */
  changed: boolean;
  deployment: DeploymentInfo;
  previous: string | null;
  /** True where an earlier layer of the same base and packages was used and no scriptlet ran. */
  reused: boolean;
  /** What came out differently when a stored layer was made anew, without times and the rpmdb. */
  rerun: FileDifference[] | null;
  scriptlets: ScriptletRun[];
  /** Processes that scriptlets left running; they were killed. */
  leftovers: { pid: number; command: string }[];
  /** Milliseconds by phase. */
  durations: Record<string, number>;
}

export interface Status {
  sysroot: string;
  current: DeploymentInfo | null;
  previous: DeploymentInfo | null;
  deployments: DeploymentInfo[];
  bases: BaseInfo[];
}

export interface BaseInfo {
  id: string;
  name: string;
  digest: string;
  created: string;
  source: string;
  paths: number;
  bytes: number;
  packages: number;
  /** Deployments that stand on it. */
  usedBy: string[];
}

export interface PackageLine {
  name: string;
  nevra: string;
  /** Installed size in bytes. */
  size: number;
  summary: string;
  origin: 'base' | 'layer';
}

export interface FileDifference {
  /** As people read it: leading slash, escaped. */
  path: string;
  kind: 'added' | 'removed' | 'changed';
  what: string[];
}

export interface Diff {
  a: string;
  b: string;
  packages: PackageChange[];
  /** Undefined unless files were asked for. */
  files?: FileDifference[] | undefined;
}

export interface FsckFinding {
  /** What is damaged: `base tiny-0123…`, `deployment 2-…`, `current`, `stage`. */
  subject: string;
  path: string;
  problem: string;
}

export interface DoctorCheck {
  name: string;
  ok: boolean;
  /** False where Veneer works without it, if less well. */
  required: boolean;
  detail: string;
  /** How to get it, where it is missing. */
  hint?: string | undefined;
}
