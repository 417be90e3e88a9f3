import type { FileChange, Meaning } from '../../change-report.js';

const MODULE = /^\/(?:usr\/)?lib\/modules\/([^/]+)\/.*\.ko(?:\.(?:gz|xz|zst))?$/;

/** Kernel modules, those of one kernel together: a kernel has thousands. */
export function meaningOfModules(files: readonly FileChange[]): Meaning[] {
  const groups = new Map<string, { file: FileChange; kernel: string; names: string[] }>();
  for (const file of files) {
    const kernel = MODULE.exec(file.path)?.[1];
    if (kernel === undefined) continue;
    const key = JSON.stringify([kernel, file.kind, file.causes]);
    const group = groups.get(key) ?? { file, kernel, names: [] };
    group.names.push(file.path.slice(file.path.lastIndexOf('/') + 1));
    groups.set(key, group);
  }
  return [...groups.values()].map(({ file: { path, kind, causes }, kernel, names }) => ({
    topic: 'kernel module',
    action: kind,
    what: `${names.length === 1 ? names[0] : `${names.length} modules`} of kernel ${kernel}`,
    path: names.length === 1 ? path : path.slice(0, path.indexOf(kernel) + kernel.length),
    causes,
  }));
}
