/** The command as the user could type it again. */
export function commandLine(args: readonly string[]): string {
  return ['veneer', ...args].map(quoted).join(' ');
}

/** A word as a shell reads it back. */
export function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
