import type { ScriptletRun } from '../rpm/events.js';
import { changeCounts, packageChangeLines } from './changes.js';
import type { DeploymentInfo, Outcome } from './results.js';
import type { View } from './style.js';
import { alignedLines } from './table.js';
import { count, humanDuration, humanTime, printable, scriptletEnd } from './text.js';

/** What install or uninstall did: the new deployment, its packages, paths, scriptlets, and how to go back. */
export function outcomeText(outcome: Outcome, view: View): string {
  const { deployment, previous } = outcome;
  const id = view.style.bold(printable(deployment.id));
  const on = printable(deployment.base.name);
  if (!outcome.changed) return `nothing to do: ${id} on base ${on} has what was asked for already`;
  return [
    `${view.style.green('●')} deployed ${id} on base ${on}`,
    section('packages against the base', packageChangeLines(deployment.packages)),
    `paths: ${changeCounts(deployment.changes)}`,
    ...scriptletSections(outcome, view),
    section('processes that scriptlets left running, now killed', leftoverLines(outcome)),
    timeLine(outcome),
    previous === null ? '' : `to go back to ${printable(previous)}: veneer rollback`,
  ]
    .filter((part) => part !== '')
    .join('\n');
}

/** What a rollback did. */
export function rollbackText(result: { from: DeploymentInfo; to: DeploymentInfo }, view: View): string {
  const { from, to } = result;
  const asked = to.request.packages.map((requested) => printable(requested.nevra));
  return [
    `${view.style.green('●')} back to ${view.style.bold(printable(to.id))} of ${humanTime(to.created)}, base ${printable(to.base.name)}`,
    `  request: ${asked.length === 0 ? 'nothing, the base as it is' : asked.join(', ')}`,
    `to return to ${printable(from.id)}: veneer rollback`,
  ].join('\n');
}

function section(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? '' : [title, ...lines].join('\n');
}

function scriptletSections({ reused, scriptlets }: Outcome, view: View): string[] {
  if (reused) return ['scriptlets: none run, an earlier layer of the same base and packages was used'];
  if (scriptlets.length === 0) return ['scriptlets: none'];
  const failed = scriptlets.filter((run) => run.failed);
  const title = `${count(scriptlets.length, 'scriptlet')} run`;
  // rpm goes on after some failures (%postun, triggers): they must not be lost among many that went well.
  const warning = failed.length === 0 ? '' : view.style.yellow(`, ${failed.length} failed`);
  return [section(title + warning, alignedLines(scriptlets.map(scriptletRow)))];
}

function scriptletRow(run: ScriptletRun): string[] {
  return [run.name, scriptletEnd(run), humanDuration(run.durationMs), networkAttempts(run)];
}

/** Empty for a scriptlet that left the network alone, as they should. */
function networkAttempts({ network }: ScriptletRun): string {
  if (network === undefined) return '';
  const { tcp, udp, dns } = network;
  const told = [
    ...(tcp === 0 ? [] : [count(tcp, 'TCP connection')]),
    ...(udp === 0 ? [] : [count(udp, 'UDP packet')]),
    ...(dns === 0 ? [] : [count(dns, 'DNS request')]),
  ];
  return told.length === 0 ? '' : `tried the network: ${told.join(', ')}`;
}

function leftoverLines({ leftovers }: Outcome): string[] {
  return alignedLines(leftovers.map(({ pid, command }) => [String(pid), command]));
}

function timeLine({ durations }: Outcome): string {
  const slow = Object.entries(durations).filter(([, ms]) => ms >= 100);
  return slow.length === 0
    ? ''
    : `time: ${slow.map(([phase, ms]) => `${phase} ${humanDuration(ms)}`).join(', ')}`;
}
