import { readFileSync } from 'node:fs';
import { beforeAll, expect, test } from 'vitest';
import { buildRpm } from '../../../fixtures/build-rpm.js';
import { HeaderError, parseHeader } from '../../../src/rpm/header.js';
import { TAG } from '../../../src/rpm/header-tags.js';
import { packageFacts } from '../../../src/rpm/package-facts.js';
import { temporaryFolder } from './helpers.js';

const folder = temporaryFolder();
/** The main header of a real package, with its magic. */
let blob: Buffer;

beforeAll(async () => {
  const path = await buildRpm(
    {
      name: 'subject',
      version: '1.0',
      files: { '/usr/share/subject/a': 'a', '/etc/subject.conf': { content: 'c', config: 'noreplace' } },
      scripts: { post: 'true' },
      triggers: [{ kind: 'triggerin', on: 'bash, zsh', body: 'true' }],
    },
    folder,
  );
  const rpm = readFileSync(path);
  const signature = parseHeader(rpm.subarray(96));
  const start = 96 + Math.ceil(signature.byteLength / 8) * 8;
  blob = rpm.subarray(start, start + parseHeader(rpm.subarray(start)).byteLength);
});

test('a header reads the same with the magic of a file and without it, as in the rpmdb', () => {
  expect(packageFacts(parseHeader(blob.subarray(8)))).toEqual(packageFacts(parseHeader(blob)));
  expect(parseHeader(blob).byteLength).toBe(blob.length);
  expect(parseHeader(blob).bytes(TAG.HEADERIMMUTABLE)).toHaveLength(16);
});

test('a header that is cut off anywhere is refused', () => {
  for (let length = 0; length < blob.length; length += 1) {
    expect(() => parseHeader(blob.subarray(0, length))).toThrow(HeaderError);
  }
});

test('a header with any byte changed is read or refused, never anything else', () => {
  let refused = 0;
  for (let at = 0; at < blob.length; at += 1) {
    for (const value of [0x00, 0x7f, 0xff]) {
      const changed = Buffer.from(blob);
      changed[at] = value;
      refused += tryFacts(changed) ? 0 : 1;
    }
  }
  expect(refused).toBeGreaterThan(100);
});

test('a header that claims more than rpm allows is refused before anything is read', () => {
  expect(() => parseHeader(Buffer.from('0000000010000000', 'hex'))).toThrow(/claims 0 entries/);
  expect(() => parseHeader(Buffer.from('ffffffff00000010', 'hex'))).toThrow(/claims 4294967295 entries/);
});

test('a value of another type than asked for is refused', () => {
  const header = parseHeader(blob);
  expect(() => header.numbers(TAG.NAME)).toThrow(/tag 1000 holds no integers/);
  expect(() => header.strings(TAG.SIZE)).toThrow(/tag 1009 holds no text/);
  expect(() => header.bytes(TAG.NAME)).toThrow(/tag 1000 holds no bytes/);
});

test('an absent tag reads as nothing', () => {
  const header = parseHeader(blob);
  expect([header.string(TAG.EPOCH), header.bytes(TAG.EPOCH)]).toEqual([undefined, undefined]);
  expect([header.strings(TAG.EPOCH), header.numbers(TAG.EPOCH)]).toEqual([[], []]);
});

function tryFacts(bytes: Buffer): boolean {
  try {
    packageFacts(parseHeader(bytes));
    return true;
  } catch (error) {
    if (error instanceof HeaderError) return false;
    throw error;
  }
}
