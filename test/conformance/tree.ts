import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import type { Vector } from './vectors.js';
import type { World } from './world.js';

/** Every time of the tree, in seconds with a fraction: long ago, and to the nanosecond. */
const TIME = '@1600000000.123456789';

const BUILD = `umask 022
for script in "$1"/prepare/*; do
  id=\${script##*/}
  mkdir "$id"
  (cd "$id" && sh -e "$script" >/dev/null 2>&1) || echo "$id"
done
find . -exec touch -h -d ${TIME} {} +`;

/** A folder with what runs the vectors: the programs `call` and `inspect`, and every shell script by its vector's id. */
export async function makeTools(folder: string, vectors: readonly Vector[]): Promise<void> {
  for (const name of ['scripts', 'prepare']) mkdirSync(join(folder, name), { recursive: true });
  for (const { id, script, prepare } of vectors) {
    writeFileSync(join(folder, 'scripts', id), script);
    writeFileSync(join(folder, 'prepare', id), prepare);
  }
  copyFileSync(join(import.meta.dirname, 'run-vectors.sh'), join(folder, 'run-vectors'));
  const compile = (program: string, sources: string) =>
    execa('sh', ['-c', `gcc -O1 -o "$0" ${sources}`, join(folder, program)], { cwd: import.meta.dirname });
  await Promise.all([compile('call', 'calls/*.c'), compile('inspect', 'inspect.c')]);
}

/** Makes a tree with a folder for each vector, all of the same age. Answers the vectors whose files cannot be made. */
export async function makeTree(world: World, tools: string, tree: string): Promise<string[]> {
  mkdirSync(tree);
  const { stdout } = await world.run(['sh', '-ec', BUILD, 'sh', tools], { cwd: tree });
  return stdout.split('\n').filter((id) => id !== '');
}

/** A full copy that shares nothing: the same owners, times, attributes, holes and hardlink groups. */
export async function copyTree(world: World, tree: string, copy: string): Promise<void> {
  await world.run(['cp', '-a', '--sparse=always', tree, copy]);
}

/** A hardlink copy, as a checkout is. */
export async function linkTree(world: World, tree: string, copy: string): Promise<void> {
  await world.run(['cp', '-al', tree, copy]);
}

/** Removes a folder in which vectors may have left files that nobody may change. */
export async function removeTree(folder: string): Promise<void> {
  await execa('chattr', ['-R', '-f', '-i', '-a', folder], { reject: false });
  await execa('rm', ['-rf', folder]);
}
