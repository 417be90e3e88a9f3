import { closeSync, constants, fstatSync, openSync, readSync, writeSync } from 'node:fs';
import koffi from 'koffi';
import {
  appendIn,
  cpuTimeMs,
  dup2,
  openIn,
  readNetworkAttempts,
  renameIn,
} from '../../scriptlet-sandbox/index.js';
import type { CauseRecorder } from './cause-recorder.js';
import type { ScriptletRun, TransactionEvent } from './events.js';
import { type Librpm, LOG_MASK, LogCallback } from './librpm.js';
import { packageNameOf } from './nevra.js';
import { commandsNotFoundIn, interpreterMissingIn } from './scriptlet-facts.js';

interface Recording {
  name: string;
  package: string;
  kind: string;
  lua: boolean;
  startedNs: bigint;
  /** What CPU time librpm and its children had used by then, in ms. */
  cpu: { self: number; children: number };
}

/** The name of a log while its scriptlet runs. */
const RUNNING = 'running';

/** As much is looked at of what rpm and a scriptlet say. */
const MESSAGES_LIMIT = 65536;

const RPMRC_OK = 0;
const RPMLOG_DEFAULT = 1;

/** What rpm logs, at debug level, of a scriptlet that it is about to run: its name says kind and owner. */
const ANNOUNCEMENT = /^%(\w+)\((.+)\): (scriptlet start|running <lua> scriptlet)/;

/**
 * Gives each scriptlet a log of its own and finds out how it ended. librpm runs them one after the other, with its
 * own stdout and stderr: those are pointed at the log from start to stop, which catches Lua's output as well.
 * librpm calls from inside its root, the view: files outside are reached by descriptors opened before.
 */
export class ScriptletRecorder {
  private current: Recording | undefined;
  private readonly folder: number;
  private readonly rpmLog: number;
  private rpmLogRead = 0;
  private readonly taken = new Set<string>();
  private readonly nobody = openSync('/dev/null', 'w');
  private readonly listener = koffi.register(
    (record: unknown) => this.listen(record),
    koffi.pointer(LogCallback),
  );

  constructor(
    private readonly rpm: Librpm,
    private readonly to: { logs: string; causes: CauseRecorder; send(event: TransactionEvent): void },
  ) {
    this.folder = openSync(to.logs, constants.O_RDONLY | constants.O_DIRECTORY);
    this.rpmLog = openSync(`${to.logs}/rpm.log`, 'r');
    dup2(this.nobody, 1);
  }

  /**
   * `tag` and `nevra` are of the package being installed or erased. The owner of a trigger is told by rpm's debug
   * log only, so that is listened to until the scriptlet announces itself, and no longer: rpm adds `set -x` to
   * scripts at debug level, and a child must never call back into this process.
   */
  start(tag: number, nevra: string): void {
    const kind = kindOfTag((this.rpm.rpmTagGetName(tag) as string | null) ?? '');
    this.to.causes.scriptletStarts();
    // What was sent before this scriptlet is none of its own.
    readNetworkAttempts();
    const cpu = { self: cpuTimeMs('self'), children: cpuTimeMs('children') };
    this.current = { name: '', package: nevra, kind, lua: false, startedNs: process.hrtime.bigint(), cpu };
    this.capture();
    this.rpm.rpmlogSetCallback(this.listener, null);
    this.rpm.rpmlogSetMask(LOG_MASK.debug);
  }

  /** `code` is librpm's: 0 done, 1 failed with a warning, 2 failed. */
  stop(code: number): void {
    if (this.current === undefined) return;
    if (this.current.name === '') this.announce(this.current);
    const { name, package: owner, kind, lua, startedNs, cpu } = this.current;
    const durationMs = Number(process.hrtime.bigint() - startedNs) / 1e6;
    const ran = lua ? 'self' : 'children';
    const cpuMs = cpuTimeMs(ran) - cpu[ran];
    this.rpm.fflush(null);
    dup2(this.nobody, 1);
    dup2(this.nobody, 2);
    this.to.causes.scriptletStops({ name, package: owner });
    const failed = code !== RPMRC_OK;
    const messages = failed ? this.newRpmMessages() : '';
    const ending = failed ? endingIn(messages) : { status: 0, signal: null };
    if (failed && lua) this.appendToLog(messages);
    const facts = {
      network: readNetworkAttempts(),
      interpreterMissing: interpreterMissingIn(messages),
      commandsNotFound: commandsNotFoundIn(this.lastOutput()),
    };
    const run = { name, package: owner, kind, lua, ...ending, failed, durationMs, cpuMs, ...facts };
    renameIn(this.folder, RUNNING, name);
    this.current = undefined;
    this.to.send({ event: 'scriptlet-stop', run: run satisfies ScriptletRun });
  }

  private listen(record: unknown): number {
    const match = ANNOUNCEMENT.exec((this.rpm.rpmlogRecMessage(record) as string | null) ?? '');
    if (match === null || this.current === undefined) return this.current === undefined ? RPMLOG_DEFAULT : 0;
    const [, kind = '', owner = '', how = ''] = match;
    Object.assign(this.current, { kind: shortKind(kind), package: owner, lua: how.startsWith('running') });
    this.announce(this.current);
    return 0;
  }

  private announce(recording: Recording): void {
    this.rpm.rpmlogSetMask(LOG_MASK.notice);
    this.rpm.rpmlogSetCallback(null, null);
    const plain = `${packageNameOf(recording.package)}.${recording.kind}`;
    recording.name = plain;
    for (let n = 2; this.taken.has(recording.name); n++) recording.name = `${plain}-${n}`;
    this.taken.add(recording.name);
    const { name, package: owner, kind } = recording;
    this.to.send({ event: 'scriptlet-start', name, package: owner, kind });
  }

  private capture(): void {
    const fd = appendIn(this.folder, RUNNING);
    dup2(fd, 1);
    dup2(fd, 2);
    closeSync(fd);
  }

  /** What Lua fails with is told by rpm alone. */
  private appendToLog(messages: string): void {
    const fd = appendIn(this.folder, RUNNING);
    writeSync(fd, messages);
    closeSync(fd);
  }

  private lastOutput(): string {
    const fd = openIn(this.folder, RUNNING);
    const { size } = fstatSync(fd);
    const tail = Buffer.alloc(Math.min(size, MESSAGES_LIMIT));
    const length = readSync(fd, tail, 0, tail.length, size - tail.length);
    closeSync(fd);
    return tail.toString('utf8', 0, length);
  }

  private newRpmMessages(): string {
    const chunk = Buffer.alloc(MESSAGES_LIMIT);
    const length = readSync(this.rpmLog, chunk, 0, chunk.length, this.rpmLogRead);
    this.rpmLogRead += length;
    return chunk.toString('utf8', 0, length);
  }
}

/** rpm tells exit status and signal of a failed scriptlet in its message only (lib/rpmscript.c). */
function endingIn(messages: string): { status: number | null; signal: number | null } {
  const status = /scriptlet failed, exit status (\d+)/.exec(messages)?.[1];
  const signal = /scriptlet failed, signal (\d+)/.exec(messages)?.[1];
  return {
    status: status === undefined ? null : Number(status),
    signal: signal === undefined ? null : Number(signal),
  };
}

/** rpm's tag names are Prein, Postin, Preun, …; its scriptlets are known as %pre, %post, %preun, … */
function kindOfTag(tagName: string): string {
  return shortKind(tagName.toLowerCase());
}

function shortKind(kind: string): string {
  return kind === 'prein' ? 'pre' : kind === 'postin' ? 'post' : kind;
}
