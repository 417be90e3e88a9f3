import type { ScriptletRun } from '../../rpm/events.js';
import { packageNameOf } from '../../rpm/nevra.js';
import type { PackageFacts } from '../../rpm/package-facts.js';
import type { PackagedScriptlet } from '../../rpm/packaged-scriptlets.js';
import type { FileChange, ReportedScriptlet } from '../change-report.js';
import { readOutput } from './output.js';
import type { PackageElement } from './packages.js';
import { whySkipped } from './skipped.js';

/** What is known of a transaction's scriptlets. */
export interface ScriptletSources {
  runs: readonly ScriptletRun[];
  elements: readonly PackageElement[];
  /** By full name: the packages of the transaction, and those of the base whose triggers fired. */
  facts: ReadonlyMap<string, PackageFacts>;
  /** The folder of their logs. */
  logs: string;
}

/** The scriptlets in the order in which they ran; those that did not run follow the last one of their package. */
export function describeScriptlets(
  sources: ScriptletSources,
  files: readonly FileChange[],
): ReportedScriptlet[] {
  const bodies = bodiesOf(sources);
  const paths = changedPaths(files);
  const ran = sources.runs.map((run, at) => describeRun(run, bodies[at], { sources, paths }));
  const ordered: ReportedScriptlet[] = [...ran];
  let place = 0;
  for (const element of sources.elements) {
    const last = ordered.findLastIndex((scriptlet) => scriptlet.package === element.nevra);
    if (last >= 0) place = last + 1;
    const skipped = skippedOf(element, sources);
    ordered.splice(place, 0, ...skipped);
    place += skipped.length;
  }
  return ordered;
}

function describeRun(
  run: ScriptletRun,
  packaged: PackagedScriptlet | undefined,
  { sources, paths }: { sources: ScriptletSources; paths: Map<string, number> },
): ReportedScriptlet {
  const { name, package: owner, kind, status, signal, failed, durationMs, cpuMs } = run;
  return {
    ...{ name, package: owner, kind },
    firesFor: packaged?.firesFor ?? [],
    interpreter: packaged?.interpreter ?? (run.lua ? '<lua>' : ''),
    body: packaged?.body ?? '',
    ...{ ran: true, skipped: '', status, signal, failed, durationMs, cpuMs },
    output: readOutput(sources.logs, name),
    changedPaths: paths.get(name) ?? 0,
    network: run.network ?? { tcp: 0, udp: 0, dns: 0 },
    interpreterMissing: run.interpreterMissing,
    commandsNotFound: run.commandsNotFound,
  };
}

function skippedOf({ nevra, action }: PackageElement, { runs, elements, facts }: ScriptletSources) {
  const carried = facts.get(nevra)?.scriptlets ?? [];
  const ran = new Set(runs.filter((run) => run.package === nevra).map(({ kind }) => kind));
  const silent = carried.filter(({ kind }) => !ran.has(kind));
  return silent.map(
    (packaged): ReportedScriptlet => ({
      name: `${packageNameOf(nevra)}.${packaged.kind}`,
      package: nevra,
      kind: packaged.kind,
      firesFor: packaged.firesFor,
      interpreter: packaged.interpreter,
      body: packaged.body,
      ran: false,
      skipped: whySkipped(packaged, action, elements),
      ...{ status: null, signal: null, failed: false, durationMs: 0, cpuMs: 0 },
      output: { text: '', bytes: 0, truncated: false },
      changedPaths: 0,
      network: { tcp: 0, udp: 0, dns: 0 },
      ...{ interpreterMissing: null, commandsNotFound: [] },
    }),
  );
}

/**
 * The script of each run. rpm tells the kind and the package only: where a package has several triggers of a kind, as
 * many runs as triggers are taken in their order; otherwise all of them are shown together.
 */
function bodiesOf({ runs, facts }: ScriptletSources): (PackagedScriptlet | undefined)[] {
  return runs.map((run, at) => {
    const same = (other: ScriptletRun) => other.package === run.package && other.kind === run.kind;
    const candidates = (facts.get(run.package)?.scriptlets ?? []).filter(({ kind }) => kind === run.kind);
    if (candidates.length < 2) return candidates[0];
    const count = runs.filter(same).length;
    if (count === candidates.length) return candidates[runs.slice(0, at).filter(same).length];
    return together(candidates);
  });
}

function together(candidates: readonly PackagedScriptlet[]): PackagedScriptlet | undefined {
  const [first] = candidates;
  return (
    first && {
      ...first,
      body: candidates
        .map(({ body, firesFor }) => `# one of ${candidates.length}: on ${firesFor.join(', ')}\n${body}`)
        .join('\n'),
      firesFor: [...new Set(candidates.flatMap(({ firesFor }) => firesFor))],
    }
  );
}

function changedPaths(files: readonly FileChange[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { causes } of files) {
    for (const cause of causes) {
      if (cause.by === 'scriptlet') counts.set(cause.name, (counts.get(cause.name) ?? 0) + 1);
    }
  }
  return counts;
}
