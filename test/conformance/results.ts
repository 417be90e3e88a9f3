import type { Facts } from './facts.js';
import { baseChanges, differences, effects } from './judge.js';
import type { Run } from './run-vectors.js';
import type { Vector } from './vectors.js';

/** What a world's vectors do without a view, which is what they are judged by. */
export interface Yardstick {
  /** What a private copy looks like after them. */
  reference: Run;
  /** Vectors that work on a private copy. */
  working: Vector[];
  /** Those of them that change the base through bare hardlinks. */
  harmful: Set<string>;
  /** Vectors that do not work here even without a view, each with the reason. */
  refused: Map<string, string>;
}

/** How one vector went in one view; empty texts are good. */
export interface Verdict {
  vector: Vector;
  base: string;
  /** Begins with `refused: ` where the vector itself failed. */
  call: string;
  merge: string;
}

/** Finds out what each vector does without a view: on a private copy, and on bare hardlinks. */
export function makeYardstick(vectors: readonly Vector[], reference: Run, control: Run): Yardstick {
  const refused = new Map<string, string>();
  const harmful = new Set<string>();
  for (const { id, effect } of vectors) {
    const reason = reference.ended.get(id) ?? 'it was not run';
    const done = effects(folder(reference.before, id), folder(reference.seen, id));
    if (reason !== '') refused.set(id, reason);
    else if (!done.has(effect)) refused.set(id, `no effect on ${effect}, but on ${[...done].join(', ')}`);
    else if (baseChangesOf(control, id) !== '') harmful.add(id);
  }
  return { reference, working: vectors.filter(({ id }) => !refused.has(id)), harmful, refused };
}

/** Judges a run in a view, vector by vector. */
export function judgeRun({ working, reference }: Yardstick, run: Run, folderTimesMove: boolean): Verdict[] {
  return working.map((vector) => {
    const { id, effect } = vector;
    const before = folder(run.before, id);
    const course = (facts: Run['seen']) => ({ before, after: folder(facts, id), folderTimesMove });
    const [seen, merged, untouched] = [course(run.seen), course(run.merged), course(run.before)];
    const wanted = { before: folder(reference.before, id), after: folder(reference.seen, id) };
    const refusal = run.ended.get(id) ?? 'it was not run';
    const without = effects(before, seen.after).has(effect) ? [] : [`no effect on ${effect}`];
    const differing = [...without, ...differences(wanted, seen)].join('; ');
    const call = refusal === '' ? differing : `refused: ${refusal}`;
    // What failed may be merged as nothing, and what differs as it was seen, which need not be what it should be.
    const alsoRight = call === '' ? [] : refusal === '' ? [seen] : [seen, untouched];
    const isRight = alsoRight.some((course) => differences(course, merged).length === 0);
    return {
      ...{ vector, base: baseChangesOf(run, id), call },
      merge: isRight ? '' : differences(wanted, merged).join('; '),
    };
  });
}

function baseChangesOf(run: Run, id: string): string {
  return baseChanges(folder(run.baseBefore, id), folder(run.baseAfter, id)).join('; ');
}

function folder(facts: Run['seen'], id: string): ReadonlyMap<string, Facts> {
  return facts.get(id) ?? new Map();
}
