import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Aspect } from './facts.js';

const FOLDER = join(import.meta.dirname, 'vectors');
const FILES = 'files.txt';

/** One way to write to an inode, or to change its metadata or names. It has a folder of the tree for itself. */
export interface Vector {
  /** Also the name of its folder. */
  id: string;
  /** The text file that it stands in. */
  family: string;
  words: string;
  /** What must be seen to have changed in its folder afterwards; without that it did not work. */
  effect: Aspect;
  /** Makes what is in the folder: a shell script. */
  prepare: string;
  /** Does it, in the folder: a shell script. `call` is the program of `calls/`. */
  script: string;
}

/** Reads every vector from the text files in `vectors/`. Throws where one is not written as it should be. */
export function readVectors(): Vector[] {
  const files = new Map(readStanzas(FILES).map(({ head, script }) => [head.split('  ')[0], script]));
  const families = readdirSync(FOLDER).filter((name) => name !== FILES);
  return families.sort().flatMap((name) =>
    readStanzas(name).map(({ head, script }) => {
      const [, id, effect, set = 'plain', words] =
        /^([\w-]+) \[(\w+)\] (?:\(([\w-]+)\) )?(.+)$/.exec(head) ?? [];
      const prepare = files.get(set);
      if (id === undefined || words === undefined || prepare === undefined)
        throw new Error(`${name}: ${head}`);
      return { id, family: name.replace('.txt', ''), words, effect: effect as Aspect, prepare, script };
    }),
  );
}

/** A stanza is a line at the margin and the indented lines below it; `#` at the margin begins a comment. */
function readStanzas(name: string): { head: string; script: string }[] {
  const stanzas: { head: string; script: string }[] = [];
  for (const line of readFileSync(join(FOLDER, name), 'utf8').split('\n')) {
    const last = stanzas.at(-1);
    if (line.startsWith('    ') && last !== undefined) last.script += `${line.slice(4)}\n`;
    else if (line !== '' && !line.startsWith('#')) stanzas.push({ head: line, script: '' });
  }
  return stanzas;
}
