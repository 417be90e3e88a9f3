import type { TreePath } from './path.js';

interface HasPath {
  path: TreePath;
}

/** What two sorted lists say of the same path; at least one of both is there. */
export interface Pair<A, B> {
  path: TreePath;
  before?: A;
  after?: B;
}

/** Reads two lists, both sorted by the bytes of their paths, side by side: one pair for each path of either. */
export function* pairByPath<A extends HasPath, B extends HasPath>(
  befores: Iterable<A>,
  afters: Iterable<B>,
): Generator<Pair<A, B>> {
  const left = befores[Symbol.iterator]();
  const right = afters[Symbol.iterator]();
  try {
    let before: A | undefined = nextOf(left);
    let after: B | undefined = nextOf(right);
    while (before || after) {
      const takeBefore = before !== undefined && (after === undefined || before.path <= after.path);
      const takeAfter = after !== undefined && (before === undefined || after.path <= before.path);
      yield {
        path: ((takeBefore ? before : after) as HasPath).path,
        ...(takeBefore && before ? { before } : {}),
        ...(takeAfter && after ? { after } : {}),
      };
      if (takeBefore) before = nextOf(left);
      if (takeAfter) after = nextOf(right);
    }
  } finally {
    // A reader that stops early must not leave a database statement open behind it.
    left.return?.();
    right.return?.();
  }
}

function nextOf<T>(iterator: Iterator<T>): T | undefined {
  const { value, done } = iterator.next();
  return done ? undefined : value;
}
