import { describe, expect, it } from 'vitest';
import { parseTarListing, type TarMember } from '../../../src/base/tar-listing.js';
import { findUnsafeMember, memberPath } from '../../../src/base/tar-safety.js';

const member = (kind: TarMember['kind'], name: string, target = ''): TarMember => ({
  ...{ kind, name, target },
  uid: 0,
  gid: 0,
});

describe('parseTarListing', () => {
  const parse = (...lines: string[]) => parseTarListing(`${lines.join('\n')}\n`).members;

  it('reads each kind of member', () => {
    expect(
      parse(
        'drwxr-xr-x 0/0               0 2026-01-01 00:00:00 "./"',
        '-rw-r--r-- 0/0               5 2026-01-01 00:00:00.5 "./a b"',
        'lrwxrwxrwx 0/0               0 2026-01-01 00:00:00 "l" -> "/etc"',
        'hrw-r--r-- 0/0               0 2026-01-01 00:00:00 "h" link to "./a b"',
        'crw-rw-rw- 0/0             1,3 2026-01-01 00:00:00 "null"',
        'prw-r--r-- 0/0               0 2026-01-01 00:00:00 "fifo"',
      ),
    ).toEqual([
      member('directory', './'),
      member('file', './a b'),
      member('symlink', 'l', '/etc'),
      member('hardlink', 'h', './a b'),
      member('char', 'null'),
      member('fifo', 'fifo'),
    ]);
  });

  it('reads names that look like something else', () => {
    expect(
      parse(
        '-rw-r--r-- 0/0 5 2026-01-01 00:00:00 "a\\" -> \\"b"',
        'lrwxrwxrwx 0/0 0 2026-01-01 00:00:00 "x -> y" -> "p\\" -> \\"q"',
        '-rw-r--r-- 0/0 5 2026-01-01 00:00:00 "new\\nline\\t\\\\n\\303\\251\\377"',
        'hrw-r--r-- 0/0 0 2026-01-01 00:00:00 "a link to b" link to "c\\\\"',
      ),
    ).toEqual([
      member('file', 'a" -> "b'),
      member('symlink', 'x -> y', 'p" -> "q'),
      member('file', 'new\nline\t\\n\xc3\xa9\xff'),
      member('hardlink', 'a link to b', 'c\\'),
    ]);
  });

  it('tells whether the end of the archive is there', () => {
    const line = 'block 0: -rw-r--r-- 0/0 5 2026-01-01 00:00:00 "block 1: ** Block of NULs **"';
    const cut = parseTarListing(`${line}\nblock 2: ** End of File **\n`);
    expect(cut).toEqual({ members: [member('file', 'block 1: ** Block of NULs **')], complete: false });
    expect(parseTarListing(`${line}\nblock 2: ** Block of NULs **\n`).complete).toBe(true);
  });

  it('refuses lines that it does not understand', () => {
    expect(() => parse('-rw-r--r-- 0/0 5 2026-01-01 00:00:00 name')).toThrow(/unknown way/);
    expect(() => parse('-rw-r--r-- 0/0 5 2026-01-01 00:00:00 "a" -> "b"')).toThrow(/unknown way/);
    expect(() => parse('lrwxrwxrwx 0/0 5 2026-01-01 00:00:00 "a"')).toThrow(/unknown way/);
    expect(parse('V--------- 0/0 0 2026-01-01 00:00:00 "label"--Volume Header--')).toEqual([
      member('unknown', 'label'),
    ]);
  });
});

describe('findUnsafeMember', () => {
  const reason = (...members: TarMember[]) => findUnsafeMember(members)?.reason;

  it('lets an ordinary root file system pass', () => {
    expect(
      reason(
        member('directory', './'),
        member('symlink', './bin', 'usr/bin'),
        member('symlink', './etc/mtab', '../proc/mounts'),
        member('file', './usr/bin/..dots..'),
        member('symlink', './abs', '/etc/passwd'),
        member('hardlink', './usr/bin/x', './usr/bin/..dots..'),
        member('hardlink', './bin2', './bin'),
      ),
    ).toBeUndefined();
  });

  it.each([
    [member('file', '/etc/passwd'), /absolute path as its name/],
    [member('file', 'a/../../b'), /'\.\.' in its name/],
    [member('directory', '..'), /'\.\.' in its name/],
    [member('hardlink', 'h', '/etc/shadow'), /absolute path as the target/],
    [member('hardlink', 'h', 'a/../../b'), /'\.\.' in the target/],
    [member('symlink', './', '/etc'), /root of the tree/],
    [member('unknown', 'x'), /kind/],
  ])('refuses %o', (bad, expected) => {
    expect(reason(member('file', 'good'), bad)).toMatch(expected);
  });

  it('refuses members below a symlink, whichever comes first and however it is spelt', () => {
    const link = member('symlink', './link/', '/etc');
    expect(reason(link, member('file', 'link/passwd'))).toMatch(/crosses the archive's symlink 'link'/);
    expect(reason(member('file', './/link/./passwd'), link)).toMatch(/crosses/);
    expect(reason(link, member('hardlink', 'h', 'link/shadow'))).toMatch(/crosses .* target of its hardlink/);
    expect(reason(link, member('hardlink', 'also', 'link'), member('file', 'also/x'))).toMatch(/'also'/);
  });

  it('spells a name as a path', () => {
    expect(memberPath('./usr//bin/./x/')).toBe('usr/bin/x');
    expect(memberPath('./')).toBe('');
  });
});
