import { type Base, openManifest } from '../base/index.js';
import type { Layer } from '../layer/index.js';
import type { Outcome, Request } from '../report/results.js';
import type { Sysroot } from '../sysroot/index.js';
import { assemble } from './assemble.js';
import { checkOutBase, mergeInto, publish, syncStage, verifyDeployment } from './deploy.js';
import type { RunOptions } from './events.js';
import { obtainLayer } from './obtain-layer.js';
import { inSession, type Session } from './session.js';
import { unchangedOutcome } from './unchanged.js';

/** What a command wants: a base, and how its request follows from the one that is deployed. */
export interface Goal {
  base: Base;
  /** Answers the whole request; its packages are kept in the sysroot by then. */
  request(session: Session): Promise<Request>;
}

/**
 * The one way to a new deployment. It is computed from the base and the whole request, never on top of an earlier
 * deployment, so that it is a function of the two. Each phase is a function of its own; this is their order.
 */
export async function runTransaction(
  sysroot: Sysroot,
  goal: (session: Session) => Goal,
  options: RunOptions,
): Promise<Outcome> {
  return inSession(sysroot, options, async (session) => {
    const { base, request: compute } = goal(session);
    const request = await session.phase('resolve', () => compute(session));
    const unchanged = unchangedOutcome(session, base, request);
    if (unchanged !== undefined) return unchanged;

    const manifest = openManifest(base);
    try {
      const plan = assemble(session, { base, request });
      const [layer] = await bothOrNone<[Layer | undefined, unknown]>(session, (signal) => [
        obtainLayer(session, { plan, manifest, signal }),
        session.phase('checkout', () => checkOutBase(session, { plan, manifest, signal })),
      ]);
      await session.phase('merge', () => mergeInto(plan, manifest, layer));
      const outcome = await session.phase('verify', () => verifyDeployment(session, plan, layer));
      await session.phase('sync', () => syncStage(plan));
      return await session.phase('commit', () => publish(session, { plan, layer }, outcome));
    } finally {
      manifest.close();
    }
  });
}

/** Runs two works side by side; when one fails the other is ended, and both are over before the error goes on. */
async function bothOrNone<T extends [unknown, unknown]>(
  { options }: Session,
  start: (signal: AbortSignal) => { [K in keyof T]: Promise<T[K]> },
): Promise<T> {
  const failure = new AbortController();
  const signal =
    options.signal === undefined ? failure.signal : AbortSignal.any([options.signal, failure.signal]);
  const works = start(signal);
  let first: { error: unknown } | undefined;
  for (const work of works) {
    work.catch((error: unknown) => {
      first ??= { error };
      failure.abort();
    });
  }
  const results = await Promise.allSettled(works);
  if (first !== undefined) throw (first as { error: unknown }).error;
  return results.map((result) => (result.status === 'fulfilled' ? result.value : undefined)) as T;
}
