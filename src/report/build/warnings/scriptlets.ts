import type { ReportedScriptlet, Warning } from '../../change-report.js';
import { count } from '../../text.js';

type Finding = Pick<Warning, 'rule' | 'severity' | 'text'> | undefined;

/** What scriptlets did that deserves a look, whatever they changed. */
export function warningsOfScriptlets({
  scriptlets,
  leftovers,
}: {
  scriptlets: readonly ReportedScriptlet[];
  leftovers: readonly { pid: number; command: string }[];
}): Warning[] {
  const own = scriptlets.flatMap((scriptlet) =>
    [failed(scriptlet), interpreterMissing(scriptlet), notFound(scriptlet), network(scriptlet)].flatMap(
      (found) =>
        found === undefined
          ? []
          : [{ ...found, path: null, scriptlet: scriptlet.name, package: scriptlet.package }],
    ),
  );
  const left = leftovers.map(
    ({ command }): Warning => ({
      rule: 'left-process',
      severity: 'medium',
      text: `a process was left running and was ended: ${command}`,
      ...{ path: null, scriptlet: null, package: null },
    }),
  );
  return [...own, ...left];
}

function failed({ failed: isSo, name, status, signal }: ReportedScriptlet): Finding {
  if (!isSo) return undefined;
  const how =
    signal === null ? (status === null ? '' : ` with exit status ${status}`) : ` by signal ${signal}`;
  return { rule: 'scriptlet-failed', severity: 'high', text: `${name} failed${how}, and that was tolerated` };
}

function interpreterMissing({ interpreterMissing: program, name }: ReportedScriptlet): Finding {
  if (program === null) return undefined;
  return {
    rule: 'command-not-found',
    severity: 'high',
    text: `${name} needs ${program}, which is not in the tree`,
  };
}

function notFound({ commandsNotFound: commands, name }: ReportedScriptlet): Finding {
  if (commands.length === 0) return undefined;
  return {
    rule: 'command-not-found',
    severity: 'medium',
    text: `${name} did not find ${commands.join(', ')}`,
  };
}

function network({ name, network: { tcp, udp, dns } }: ReportedScriptlet): Finding {
  const tried = [
    tcp === 0 ? '' : count(tcp, 'TCP connection'),
    udp === 0 ? '' : count(udp, 'UDP packet'),
    dns === 0 ? '' : count(dns, 'request for a name', 'requests for names'),
  ].filter(Boolean);
  if (tried.length === 0) return undefined;
  return { rule: 'network', severity: 'medium', text: `${name} tried the network: ${tried.join(', ')}` };
}
