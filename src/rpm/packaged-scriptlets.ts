import { type Header, HeaderError } from './header.js';
import { TAG } from './header-tags.js';

const PLAIN_SCRIPTLETS = [
  ['pretrans', TAG.PRETRANS, TAG.PRETRANSPROG],
  ['pre', TAG.PREIN, TAG.PREINPROG],
  ['post', TAG.POSTIN, TAG.POSTINPROG],
  ['preun', TAG.PREUN, TAG.PREUNPROG],
  ['postun', TAG.POSTUN, TAG.POSTUNPROG],
  ['posttrans', TAG.POSTTRANS, TAG.POSTTRANSPROG],
  ['preuntrans', TAG.PREUNTRANS, TAG.PREUNTRANSPROG],
  ['postuntrans', TAG.POSTUNTRANS, TAG.POSTUNTRANSPROG],
  ['verify', TAG.VERIFYSCRIPT, TAG.VERIFYSCRIPTPROG],
] as const;

/** The bits in a trigger's flags that say when it fires (RPMSENSE_TRIGGER* in include/rpm/rpmds.h). */
const TRIGGER_MOMENTS = [
  ['triggerprein', 1 << 25],
  ['triggerin', 1 << 16],
  ['triggerun', 1 << 17],
  ['triggerpostun', 1 << 18],
] as const;

const TRIGGER_FAMILIES = [
  {
    prefix: '',
    scripts: TAG.TRIGGERSCRIPTS,
    programs: TAG.TRIGGERSCRIPTPROG,
    names: TAG.TRIGGERNAME,
    indexes: TAG.TRIGGERINDEX,
    flags: TAG.TRIGGERFLAGS,
  },
  {
    prefix: 'file',
    scripts: TAG.FILETRIGGERSCRIPTS,
    programs: TAG.FILETRIGGERSCRIPTPROG,
    names: TAG.FILETRIGGERNAME,
    indexes: TAG.FILETRIGGERINDEX,
    flags: TAG.FILETRIGGERFLAGS,
  },
  {
    prefix: 'transfile',
    scripts: TAG.TRANSFILETRIGGERSCRIPTS,
    programs: TAG.TRANSFILETRIGGERSCRIPTPROG,
    names: TAG.TRANSFILETRIGGERNAME,
    indexes: TAG.TRANSFILETRIGGERINDEX,
    flags: TAG.TRANSFILETRIGGERFLAGS,
  },
] as const;

type PlainKind = (typeof PLAIN_SCRIPTLETS)[number][0];
type TriggerKind = `${'' | 'file' | 'transfile'}${(typeof TRIGGER_MOMENTS)[number][0]}`;

/** The name of a scriptlet in a spec file, without the percent sign. */
export type ScriptletKind = PlainKind | TriggerKind;

/** One script that a package carries. */
export interface PackagedScriptlet {
  kind: ScriptletKind;
  /** The program that runs it, with its arguments, separated by spaces; `<lua>` runs inside librpm. */
  interpreter: string;
  /** '' where the interpreter itself is all there is to run (`%post -p /sbin/ldconfig`). */
  body: string;
  /** The packages, or path prefixes for a file trigger, that it fires for; empty for a plain scriptlet. */
  firesFor: string[];
}

/** The scriptlets of a package: plain ones, then triggers. Throws HeaderError where their lists do not fit together. */
export function readScriptlets(header: Header): PackagedScriptlet[] {
  return [
    ...PLAIN_SCRIPTLETS.flatMap((plain) => readPlain(header, plain)),
    ...TRIGGER_FAMILIES.flatMap((family) => readTriggers(header, family)),
  ];
}

function readPlain(
  header: Header,
  [kind, script, program]: (typeof PLAIN_SCRIPTLETS)[number],
): PackagedScriptlet[] {
  if (!header.has(script) && !header.has(program)) return [];
  const interpreter = header.strings(program).join(' ') || '/bin/sh';
  return [{ kind, interpreter, body: header.string(script) ?? '', firesFor: [] }];
}

/** Conditions stand in one list for all triggers; each names the script it belongs to by number. */
function readTriggers(header: Header, family: (typeof TRIGGER_FAMILIES)[number]): PackagedScriptlet[] {
  const scripts = header.strings(family.scripts);
  const programs = header.strings(family.programs);
  const names = header.strings(family.names);
  const indexes = header.numbers(family.indexes);
  const flags = header.numbers(family.flags);
  return scripts.map((body, script) => ({
    kind: `${family.prefix}${momentOf(flags[indexes.indexOf(script)])}`,
    interpreter: programs[script] ?? '/bin/sh',
    body,
    firesFor: names.filter((_, condition) => indexes[condition] === script),
  }));
}

function momentOf(flags = 0): (typeof TRIGGER_MOMENTS)[number][0] {
  const moment = TRIGGER_MOMENTS.find(([, bit]) => (flags & bit) !== 0);
  if (moment === undefined) throw new HeaderError('a trigger does not say when it fires');
  return moment[0];
}
