import { expect, test } from 'vitest';
import { formatNevra, packageNameOf, parseNevra } from '../../../src/rpm/nevra.js';

test.each([
  ['hello-1.0-1.noarch', ['hello', undefined, '1.0', '1', 'noarch']],
  ['gtk-3-libs-2:3.24.1~rc1-4.fc39.x86_64', ['gtk-3-libs', 2, '3.24.1~rc1', '4.fc39', 'x86_64']],
  ['zero-0:1-1.noarch', ['zero', 0, '1', '1', 'noarch']],
])('%s is read into its parts and written back the same', (text, [name, epoch, version, release, arch]) => {
  const parsed = parseNevra(text);
  expect(parsed).toEqual({ name, epoch, version, release, arch });
  expect(parsed && formatNevra(parsed)).toBe(text);
  expect(packageNameOf(text)).toBe(name);
});

test('a text that is no full name is taken for a name', () => {
  expect(parseNevra('hello')).toBeUndefined();
  expect(packageNameOf('python3-yaml')).toBe('python3-yaml');
});

test('a key has no architecture', () => {
  const key = { name: 'gpg-pubkey', epoch: undefined, version: 'abc', release: 'def', arch: '' };
  expect(formatNevra(key)).toBe('gpg-pubkey-abc-def');
});
