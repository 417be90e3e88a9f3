import type { ViewWatch, ViewWrite } from '../../scriptlet-sandbox/index.js';
import type { Cause, FolderWrites, TransactionEvent } from './events.js';

/** librpm's own process, where payload is unpacked and Lua runs, is the first of the sandbox; scriptlets are others. */
const LIBRPM = 1;

const RPM: Cause = { by: 'rpm' };

/**
 * Looks what changed in the view each time that somebody else is going to be at work, and tells who it was. Other
 * processes than librpm's are known by their first write: what a scriptlet left running goes on writing in its name.
 */
export class CauseRecorder {
  private element: Cause | undefined;
  private lastScriptlet: Cause | undefined;
  private readonly writers = new Map<number, Cause>();

  constructor(
    private readonly watch: ViewWatch,
    private readonly send: (event: TransactionEvent) => void,
  ) {
    send({ event: 'watching', how: watch.how, reason: watch.reason });
  }

  elementStarts(nevra: string): void {
    this.look(RPM);
    this.element = { by: 'payload', package: nevra };
  }

  elementStops(): void {
    this.look(this.element ?? RPM);
    this.element = undefined;
  }

  scriptletStarts(): void {
    this.look(this.element ?? RPM);
  }

  scriptletStops(scriptlet: { name: string; package: string }): void {
    this.lastScriptlet = { by: 'scriptlet', name: scriptlet.name, package: scriptlet.package };
    this.look(this.lastScriptlet);
  }

  transactionStops(): void {
    this.look(RPM);
  }

  private look(atWork: Cause): void {
    const byCause = new Map<Cause, ViewWrite[]>();
    for (const write of this.watch.take()) {
      const cause = this.causeOf(write, atWork);
      const writes = byCause.get(cause);
      if (writes === undefined) byCause.set(cause, [write]);
      else writes.push(write);
    }
    for (const [by, writes] of byCause) this.send({ event: 'writes', by, folders: inFolders(writes) });
  }

  private causeOf({ pid }: ViewWrite, atWork: Cause): Cause {
    if (pid === undefined || pid === LIBRPM) return atWork;
    const known = this.writers.get(pid);
    if (known !== undefined) return known;
    const cause = atWork.by === 'scriptlet' ? atWork : (this.lastScriptlet ?? atWork);
    this.writers.set(pid, cause);
    return cause;
  }
}

interface Collected {
  entries: boolean;
  names: Set<string>;
  movedFolders: Set<string>;
  inodes: Set<string>;
}

/** Folds what happened to the same name, and names the folder once. */
function inFolders(writes: readonly ViewWrite[]): FolderWrites[] {
  const folders = new Map<string, Collected>();
  for (const { folder, name, kind, inode } of writes) {
    let into = folders.get(folder);
    if (into === undefined) {
      into = { entries: false, names: new Set(), movedFolders: new Set(), inodes: new Set() };
      folders.set(folder, into);
    }
    into.names.add(name);
    if (kind !== 'written') into.entries = true;
    if (kind === 'moved-folder') into.movedFolders.add(name);
    if (inode !== '') into.inodes.add(inode);
  }
  return [...folders].map(([folder, { entries, names, movedFolders, inodes }]) => ({
    folder,
    entries,
    names: [...names],
    movedFolders: [...movedFolders],
    inodes: [...inodes],
  }));
}
