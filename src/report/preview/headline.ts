import type { ChangeReport, Meaning, ReportedPackage } from '../change-report.js';
import type { View } from '../style.js';
import { count, printable } from '../text.js';
import { wrappedWords } from './layout.js';

/** What would happen, in a sentence or two that need no knowledge of the tool, and what was asked for. */
export function headline(report: ChangeReport, view: View, only: string | undefined): string[] {
  const { subject, asked } = report;
  const to = `${printable(subject.after)} against ${printable(subject.before)}`;
  const about = only === undefined ? to : `${to}, ${printable(only)} alone`;
  const answer = wrappedWords(sentence(report), view, 0);
  return [
    ...answer.map((line) => view.style.bold(line)),
    ...meaningLines(report, view),
    ...lookLines(report, view),
    ...wrappedWords(about, view, 2).map(view.style.dim),
    ...(asked.command === ''
      ? []
      : wrappedWords(`$ ${printable(asked.command)}`, view, 4).map(view.style.dim)),
  ];
}

function sentence(report: ChangeReport): string {
  const parts = [...packageParts(report), ...scriptParts(report), ...fileParts(report)];
  const [opening, nothing] = {
    plan: ['would ', 'would change nothing'],
    deployment: ['this deployment: ', 'this deployment changes nothing'],
    difference: ['what leads from one to the other: ', 'there is no difference'],
  }[report.subject.kind];
  return parts.length === 0 ? (nothing ?? '') : `${opening}${parts.join(', ')}`;
}

const VERBS: [ReportedPackage['kind'], string][] = [
  ['added', 'install'],
  ['upgraded', 'upgrade'],
  ['downgraded', 'downgrade'],
  ['replaced', 'replace'],
  ['removed', 'remove'],
];

function packageParts({ packages }: ChangeReport): string[] {
  return VERBS.flatMap(([kind, verb]) => {
    const number = packages.filter((one) => one.kind === kind).length;
    return number === 0 ? [] : [`${verb} ${count(number, 'package')}`];
  });
}

function scriptParts({ scriptlets }: ChangeReport): string[] {
  const ran = scriptlets.filter((scriptlet) => scriptlet.ran).length;
  return ran === 0 ? [] : [`run ${count(ran, 'script')}`];
}

function fileParts({ totals: { added, changed, removed } }: ChangeReport): string[] {
  const parts: [number, string][] = [
    [added, 'add'],
    [changed, 'change'],
    [removed, 'remove'],
  ];
  const told = parts.filter(([number]) => number > 0);
  return told.map(([number, verb], at) =>
    at === 0 ? `${verb} ${count(number, 'path')}` : `${verb} ${number.toLocaleString('en-US')}`,
  );
}

function lookLines({ warnings }: ChangeReport, view: View): string[] {
  const of = (severity: string) => warnings.filter((warning) => warning.severity === severity).length;
  const [high, medium, low] = [of('high'), of('medium'), of('low')];
  const minor = low === 0 ? '' : `; ${count(low, 'minor note')}`;
  if (high + medium === 0) return [view.style.green(`nothing deserves a closer look${minor}`)];
  const serious = high + medium === high ? 'serious ' : '';
  const things = count(high + medium, `${serious}thing`);
  const some = high > 0 && medium > 0 ? `, ${high} of them serious` : '';
  const verb = high + medium === 1 ? 'deserves' : 'deserve';
  const paint = high === 0 ? view.style.yellow : view.style.red;
  return wrappedWords(`${things} ${verb} a look${some}${minor}`, view, 0).map(paint);
}

/** What the system gains and loses, by number: `adds 1 user, 1 group; enables 2 systemd units`. */
function meaningLines(report: ChangeReport, view: View): string[] {
  // ldconfig makes its cache again for every library: no news for a headline.
  const meaning = report.meaning.filter(({ path }) => path !== '/etc/ld.so.cache');
  const verbs = {
    added: 'adds',
    enabled: 'enables',
    changed: 'changes',
    disabled: 'disables',
    removed: 'removes',
  };
  const parts = Object.entries(verbs).flatMap(([action, verb]) => {
    const counts = new Map<string, number>();
    for (const one of meaning) {
      if (one.action === action) counts.set(NOUNS[one.topic], (counts.get(NOUNS[one.topic]) ?? 0) + 1);
    }
    const nouns = [...counts].map(([noun, number]) => count(number, noun));
    return nouns.length === 0 ? [] : [`${verb} ${nouns.join(', ')}`];
  });
  return parts.length === 0 ? [] : wrappedWords(parts.join('; '), view, 0);
}

const NOUNS: Record<Meaning['topic'], string> = {
  user: 'user',
  group: 'group',
  'systemd unit': 'systemd unit',
  'set-uid or set-gid': 'set-uid or set-gid file',
  capabilities: 'file with capabilities',
  alternative: 'alternative',
  cron: 'cron file',
  PAM: 'PAM file',
  sudoers: 'sudoers file',
  'kernel module': 'set of kernel modules',
  'shared libraries': 'file of the library loader',
  'configuration kept': 'configuration kept aside',
};
