/**
 * A path inside a tree, relative to its root and without a leading slash ('' is the root itself), held as a string
 * with one character for each *byte* (latin1). File names in Linux are bytes, not text: this form compares, sorts
 * and keys maps exactly, and survives names that are not UTF-8.
 */
export type TreePath = string & { readonly __brand: 'TreePath' };

/** Takes a path that came as bytes (readdir, an rpm header) into a tree path; leading slashes are dropped. */
export function treePathFromBytes(bytes: Buffer): TreePath {
  return bytes.toString('latin1').replace(/^\/+/, '') as TreePath;
}

/** Takes a path that came as text (a program's constant, a user's argument) into a tree path. */
export function treePath(text: string): TreePath {
  return treePathFromBytes(Buffer.from(text, 'utf8'));
}

/** The bytes of a tree path below a folder of the host: what node:fs and libc calls are given. */
export function onHost(root: string, path: TreePath): Buffer {
  return path === ''
    ? Buffer.from(root)
    : Buffer.concat([Buffer.from(`${root}/`), Buffer.from(path, 'latin1')]);
}

/** The path of a name inside a folder of the tree. */
export function childPath(folder: TreePath, name: Buffer): TreePath {
  const text = name.toString('latin1');
  return (folder === '' ? text : `${folder}/${text}`) as TreePath;
}

/** The folder that holds a path; the root's is the root. */
export function parentPath(path: TreePath): TreePath {
  return path.slice(0, Math.max(0, path.lastIndexOf('/'))) as TreePath;
}

/** Whether a path, or a folder above it other than the root, is in a set. */
export function isAtOrBelow(path: TreePath, set: ReadonlySet<string>): boolean {
  for (let at = path; at !== ''; at = parentPath(at)) if (set.has(at)) return true;
  return false;
}

/**
 * A tree path as people read it: with a leading slash, as UTF-8 where it is valid, and with control characters,
 * backslashes and stray bytes escaped the way C writes them, so that no name can forge output or hide.
 */
export function displayPath(path: TreePath): string {
  const bytes = Buffer.from(path, 'latin1');
  const text = bytes.toString('utf8');
  const isUtf8 = Buffer.from(text, 'utf8').equals(bytes);
  const unsafe = isUtf8 ? /[\p{Cc}\\\u2028-\u202e\u2066-\u2069]/gu : /[^\u0020-\u007e]|\\/g;
  return `/${(isUtf8 ? text : path).replace(unsafe, escapeCharacter)}`;
}

const SHORT_ESCAPES: Record<string, string> = { '\\': '\\\\', '\n': '\\n', '\t': '\\t', '\r': '\\r' };

function escapeCharacter(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const long =
    code > 0xff ? `\\u${code.toString(16).padStart(4, '0')}` : `\\x${code.toString(16).padStart(2, '0')}`;
  return SHORT_ESCAPES[character] ?? long;
}
