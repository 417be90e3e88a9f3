import { expect, test } from 'vitest';
import { nearNames } from '../../../src/resolve/near-names.js';

const NAMES = ['hello', 'hello-data', 'help', 'hell', 'shell', 'busybox', 'yellow'];

test.each([
  ['helo', ['hell', 'hello', 'help']],
  ['hello-', ['hello', 'hello-data', 'hell']],
  ['busybx', ['busybox']],
  ['nothing-like-it', []],
])('near %s are %j', (typed, expected) => {
  expect(nearNames(typed, NAMES)).toEqual(expected);
});
