/** One member of an archive; names hold one character for each byte, just as the archive spells them. */
export interface TarMember {
  name: string;
  kind: 'file' | 'directory' | 'symlink' | 'hardlink' | 'fifo' | 'char' | 'block' | 'unknown';
  /** What a symlink or hardlink points to, otherwise ''. */
  target: string;
  uid: number;
  gid: number;
}

const KINDS: Record<string, TarMember['kind']> = {
  '-': 'file',
  C: 'file',
  d: 'directory',
  l: 'symlink',
  h: 'hardlink',
  p: 'fifo',
  c: 'char',
  b: 'block',
};

const ESCAPES: Record<string, string> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

export interface TarListing {
  members: TarMember[];
  /** Whether the archive has its end marker; tar itself takes one that was cut between two members as whole. */
  complete: boolean;
}

const BLOCK_NUMBER = /^block \d+: /;

/**
 * Reads what `LC_ALL=C tar -tvR --numeric-owner --quoting-style=c -P` prints: one member a line, since names are
 * quoted the way C does it, and a line about how the archive ends. Throws a plain Error for any other line.
 */
export function parseTarListing(listing: string): TarListing {
  const lines = listing
    .split('\n')
    .filter(Boolean)
    .map((line) => line.replace(BLOCK_NUMBER, ''));
  return {
    members: lines.filter((line) => !line.startsWith('** ')).map(parseLine),
    complete: lines.includes('** Block of NULs **'),
  };
}

function parseLine(line: string): TarMember {
  // With numeric owners nothing before the name can hold a quote: type, mode, owner, size and time are all ours.
  const name = readQuoted(line, line.indexOf('"'));
  const kind = KINDS[line[0] ?? ''] ?? 'unknown';
  const arrow = { symlink: ' -> ', hardlink: ' link to ' }[kind as string] ?? '';
  const rest = line.slice(name.end);
  const [uid = 0, gid = 0] = /^\S+ +(\d+)\/(\d+) /.exec(line)?.slice(1).map(Number) ?? [];
  if (kind === 'unknown' || (!arrow && rest === '')) return { name: name.text, kind, target: '', uid, gid };
  if (!arrow || !rest.startsWith(arrow)) throw notUnderstood(line);
  const target = readQuoted(line, name.end + arrow.length);
  if (target.end !== line.length) throw notUnderstood(line);
  return { name: name.text, kind, target: target.text, uid, gid };
}

/** Reads a C string whose opening quote is at `start`; `end` is the place after its closing quote. */
function readQuoted(line: string, start: number): { text: string; end: number } {
  const quoted = /"((?:[^"\\]|\\[0-7]{3}|\\[^0-7])*)"/y;
  quoted.lastIndex = Math.max(0, start);
  const body = quoted.exec(line)?.[1];
  if (body === undefined) throw notUnderstood(line);
  const text = body.replace(/\\([0-7]{3}|.)/g, (_, code: string) =>
    code.length === 3 ? String.fromCharCode(Number.parseInt(code, 8)) : (ESCAPES[code] ?? code),
  );
  return { text, end: quoted.lastIndex };
}

function notUnderstood(line: string): Error {
  return new Error(`tar listed a member in an unknown way: ${line}`);
}
