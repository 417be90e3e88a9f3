import type { ConfinedContext } from '../../scriptlet-sandbox/index.js';
import { CauseRecorder } from './cause-recorder.js';
import type { Problem, TransactionEvent, TransactionInput } from './events.js';
import {
  type Librpm,
  LOG_MASK,
  loadLibrpm,
  PROBLEM_KINDS,
  RPMSIG_DIGEST,
  RPMTRANS_FLAG_NOPLUGINS,
  RPMVSF_NOSIGNATURES,
} from './librpm.js';
import { registerNotify } from './notify.js';

/** rpmteType of an element that is installed; anything else is erased. */
const TR_ADDED = 1;

type Send = (event: TransactionEvent) => void;

/**
 * What runs inside the sandbox: one librpm transaction over the view, told to the engine event by event. librpm
 * enters the view with chroot(2) and runs every scriptlet there; this process's own files stay outside.
 */
export function run({ view, input, watch, emit }: ConfinedContext): void {
  const { packages, dbPath, logs } = input as TransactionInput;
  const send: Send = (event) => emit(event);
  const rpm = configure(dbPath, logs);
  // SQLite spills statement journals to the first temporary folder it may write, the working folder being the last
  // it tries; outside the view this is the only one. A scriptlet's working folder is rpm's choice, `/`.
  process.chdir(logs);
  const ts = rpm.rpmtsCreate();
  rpm.rpmtsSetRootDir(ts, view);
  rpm.rpmtsSetFlags(ts, RPMTRANS_FLAG_NOPLUGINS);
  rpm.rpmtsSetVSFlags(ts, RPMVSF_NOSIGNATURES);
  rpm.rpmtsSetVfyLevel(ts, RPMSIG_DIGEST);
  if (!addPackages(rpm, ts, { packages, send }) || !check(rpm, ts, send)) return;
  rpm.rpmtsOrder(ts);
  rpm.rpmtsClean(ts);
  send({ event: 'plan', elements: elements(rpm, ts).map(({ nevra, action }) => ({ nevra, action })) });
  if (watch === undefined) throw new Error('a transaction is not to run unwatched');
  const causes = new CauseRecorder(watch, send);
  rpm.rpmtsSetNotifyCallback(ts, registerNotify(rpm, { packages, logs, causes, send }), null);
  const result = rpm.rpmtsRun(ts, null, 0) as number;
  if (result > 0) send({ event: 'problems', stage: 'run', problems: problems(rpm, ts) });
  const failed = elements(rpm, ts).filter((element) => element.failed);
  rpm.rpmtsFree(ts);
  causes.transactionStops();
  send({ event: 'done', result, failed: failed.map(({ nevra }) => nevra) });
}

/**
 * Debian's rpm keeps `_dbpath` in the home folder and a user's ~/.rpmmacros could change anything, so the home
 * folder is one that does not exist while the configuration is read.
 */
function configure(dbPath: string, logs: string): Librpm {
  const rpm = loadLibrpm();
  const home = process.env.HOME;
  process.env.HOME = '/nonexistent';
  if (rpm.rpmReadConfigFiles(null, null) !== 0) throw new Error('rpm cannot read its configuration');
  process.env.HOME = home;
  for (const macro of [`_dbpath ${dbPath}`, '_db_backend sqlite', '_pkgverify_level digest']) {
    rpm.rpmDefineMacro(null, macro, 0);
  }
  rpm.rpmlogSetMask(LOG_MASK.notice);
  rpm.rpmlogSetFile(rpm.fopen(`${logs}/rpm.log`, 'a'));
  return rpm;
}

interface Adding {
  packages: TransactionInput['packages'];
  send: Send;
}

/** The key of an element is its number among the packages plus one, as librpm reads 0 as "no key". */
function addPackages(rpm: Librpm, ts: unknown, { packages, send }: Adding): boolean {
  const RPMRC_OK = 0;
  const UPGRADE = 1;
  for (const [index, { path, nevra }] of packages.entries()) {
    const fd = rpm.Fopen(path, 'r.ufdio');
    const header: [unknown] = [null];
    const code = fd === null ? -1 : (rpm.rpmReadPackageFile(ts, fd, path, header) as number);
    if (fd !== null) rpm.Fclose(fd);
    if (code !== RPMRC_OK) {
      const text = `rpm cannot read ${nevra} (code ${code})`;
      const problem: Problem = { kind: 'verify', package: nevra, other: '', subject: path, text };
      send({ event: 'problems', stage: 'read', problems: [problem] });
      return false;
    }
    rpm.rpmtsAddInstallElement(ts, header[0], index + 1, UPGRADE, null);
    rpm.headerFree(header[0]);
  }
  return true;
}

function check(rpm: Librpm, ts: unknown, send: Send): boolean {
  rpm.rpmtsCheck(ts);
  const found = problems(rpm, ts);
  if (found.length > 0) send({ event: 'problems', stage: 'check', problems: found });
  return found.length === 0;
}

function problems(rpm: Librpm, ts: unknown): Problem[] {
  const set = rpm.rpmtsProblems(ts);
  const iterator = rpm.rpmpsInitIterator(set);
  const found: Problem[] = [];
  for (let p = rpm.rpmpsiNext(iterator); p !== null; p = rpm.rpmpsiNext(iterator)) {
    found.push({
      kind: PROBLEM_KINDS[rpm.rpmProblemGetType(p) as number] ?? 'unknown',
      package: (rpm.rpmProblemGetPkgNEVR(p) as string | null) ?? '',
      other: (rpm.rpmProblemGetAltNEVR(p) as string | null) ?? '',
      subject: (rpm.rpmProblemGetStr(p) as string | null) ?? '',
      text: (rpm.rpmProblemString(p) as string | null) ?? '',
    });
  }
  rpm.rpmpsFreeIterator(iterator);
  rpm.rpmpsFree(set);
  return found;
}

function elements(rpm: Librpm, ts: unknown) {
  return Array.from({ length: rpm.rpmtsNElements(ts) as number }, (_, index) => {
    const element = rpm.rpmtsElement(ts, index);
    return {
      nevra: rpm.rpmteNEVRA(element) as string,
      action: rpm.rpmteType(element) === TR_ADDED ? ('install' as const) : ('erase' as const),
      failed: rpm.rpmteFailed(element) !== 0,
    };
  });
}
