/**
 * The program that should have run a scriptlet and could not be executed, by what rpm says (lib/rpmscript.c); null
 * where rpm says no such thing.
 */
export function interpreterMissingIn(rpmMessages: string): string | null {
  return (
    /failed to exec scriptlet interpreter (.+): No such file or directory/.exec(rpmMessages)?.[1] ?? null
  );
}

/** What programs say when a command is not there; each captures its name. */
const NOT_FOUND: readonly RegExp[] = [
  // bash: `/var/tmp/rpm-tmp.x: line 3: foo: command not found`; busybox: `…: exec: line 3: foo: not found`
  /^\S+: (?:\w+: )?line \d+: (?:exec: )?(.+): (?:command )?not found$/,
  // dash: `/var/tmp/rpm-tmp.x: 3: foo: not found`; mksh: `/var/tmp/rpm-tmp.x[3]: foo: not found`
  /^\S+: \d+: (?:exec: |eval: )?(.+): not found$/,
  /^\S+\[\d+\]: (.+): (?:inaccessible or )?not found$/,
  // busybox: `sh: foo: not found`
  /^-?\S*sh: (?:exec: )?(.+): (?:command )?not found$/,
  // zsh: `/var/tmp/rpm-tmp.x:3: command not found: foo`
  /^\S+:\d+: command not found: (.+)$/,
  // perl: `Can't exec "foo": No such file or directory at …`
  /^Can't exec "(.+?)": No such file or directory at /,
  // Programs that start another: `env: 'foo': …`, `nohup: failed to run command 'foo': …`; busybox: `can't execute 'foo'`
  /^(?:\S*\/)?(?:env|nice|nohup|timeout|setsid|ionice|chroot): (?:can't execute |failed to (?:run command|execute) )?['‘]?(.+?)['’]?: No such file or directory$/,
  /^(?:\S*\/)?xargs: (.+): No such file or directory$/,
];

/**
 * The commands that could not be found, by the lines of a scriptlet's output, in the words of bash, dash, busybox,
 * mksh, zsh, perl, env and programs that start another. Each once, in order. Not those given to bash by a path: it
 * says the same of a file that is to be read.
 */
export function commandsNotFoundIn(output: string): string[] {
  const found = output.split('\n').flatMap((line) => {
    const match = NOT_FOUND.map((pattern) => pattern.exec(line.trimEnd())?.[1]).find(Boolean);
    return match === undefined ? [] : [match];
  });
  return [...new Set(found)];
}
