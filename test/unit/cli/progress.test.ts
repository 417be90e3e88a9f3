import { afterEach, expect, test, vi } from 'vitest';
import { createActivity } from '../../../src/cli/activity.js';
import { createProgress } from '../../../src/cli/progress.js';
import { startLine } from '../../../src/cli/progress-lines.js';
import type { EngineEvent } from '../../../src/index.js';
import { scriptlet } from './samples.js';

const EVENTS: EngineEvent[] = [
  { type: 'phase', phase: 'resolve', state: 'start' },
  { type: 'phase', phase: 'resolve', state: 'done', durationMs: 300 },
  { type: 'phase', phase: 'transact', state: 'start' },
  { type: 'phase', phase: 'checkout', state: 'start' },
  {
    type: 'transaction',
    transaction: { event: 'plan', elements: [{ nevra: 'hello-1.0-1.noarch', action: 'install' }] },
  },
  { type: 'transaction', transaction: { event: 'scriptlet-stop', run: scriptlet() } },
  { type: 'progress', what: 'link', done: 50, total: 100 },
  { type: 'notice', message: 'be\u0007ware' },
];

afterEach(() => {
  vi.unstubAllEnvs();
});

test('in a pipe phases and scriptlets are plain lines', () => {
  expect(reported({ quiet: false, isTTY: false })).toBe(
    'resolve 0.3 s\n  1 package in the transaction\n  hello.post  ok  12 ms\nnote: be\\x07ware\n',
  );
});

test('quiet leaves only notices', () => {
  expect(reported({ quiet: true, isTTY: false })).toBe('note: be\\x07ware\n');
});

test('on a terminal one line is written over, and taken away at the end', () => {
  vi.stubEnv('TERM', 'xterm');
  const text = reported({ quiet: false, isTTY: true });
  expect(text).toContain('\r\u001b[K');
  expect(text.endsWith('\r\u001b[K')).toBe(true);
  expect(text.match(/\n/g)).toHaveLength(1);
});

test('the status line shows phases that run side by side', () => {
  const activity = createActivity(() => 0);
  for (const event of EVENTS) activity.note(event);
  expect(activity.text()).toBe('0 ms  transact 0/1 · checkout 50 %');
  activity.note({
    type: 'transaction',
    transaction: { event: 'element', action: 'install', nevra: 'hello-1.0-1.noarch', state: 'start' },
  });
  expect(activity.text()).toContain('transact 1/1 hello-1.0-1.noarch');
});

function reported({ quiet, isTTY }: { quiet: boolean; isTTY: boolean }): string {
  let text = '';
  const write = (part: string) => {
    text += part;
    return true;
  };
  const progress = createProgress({ isTTY, columns: 80, write } as unknown as NodeJS.WriteStream, { quiet });
  for (const event of EVENTS) progress.report(event);
  progress.stop();
  return text;
}

test('a running scriptlet is shown with its seconds', () => {
  let now = 0;
  const activity = createActivity(() => now);
  activity.note({ type: 'phase', phase: 'transact', state: 'start' });
  const elements = [{ nevra: 'hello-1.0-1.noarch', action: 'install' as const }];
  activity.note({ type: 'transaction', transaction: { event: 'plan', elements } });
  const starting = {
    event: 'scriptlet-start' as const,
    name: 'hello.post',
    package: 'hello-1.0-1.noarch',
    kind: 'post',
  };
  activity.note({ type: 'transaction', transaction: starting });
  now = 7000;
  expect(activity.text()).toBe('7.0 s  transact 0/1 scriptlet hello.post 7 s');
});

test('every step is told as it starts where that is asked for', () => {
  expect(startLine({ type: 'phase', phase: 'transact', state: 'start' })).toBe('transact …');
  const element = {
    event: 'element' as const,
    action: 'install' as const,
    nevra: 'a\u001b-1',
    state: 'start' as const,
  };
  expect(startLine({ type: 'transaction', transaction: element })).toBe('  installing a\\x1b-1');
});
