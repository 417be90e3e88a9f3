import type { DeploymentInfo, Outcome, ScriptletRun } from '../../../src/index.js';

/** A deployment as the engine gives it, with what a test wants otherwise. */
export function deployment(changes: Partial<DeploymentInfo> = {}): DeploymentInfo {
  const hello = { name: 'hello', nevra: 'hello-1.0-1.noarch', sha256: 'ab' };
  return {
    id: '1-abcd',
    created: '2026-11-24T11:18:37.000Z',
    base: { id: 'tiny-0123', name: 'tiny', digest: '0123' },
    request: { packages: [{ ...hello, asked: './hello.rpm', dependencies: [] }] },
    layer: 'key',
    packages: [{ name: 'hello', kind: 'added', before: '', after: hello.nevra }],
    changes: { added: 3, changed: 1, removed: 0, inPlace: 1 },
    command: 'veneer install ./hello.rpm',
    ...changes,
  };
}

/** A scriptlet that went well, with what a test wants otherwise. */
export function scriptlet(changes: Partial<ScriptletRun> = {}): ScriptletRun {
  return {
    name: 'hello.post',
    package: 'hello-1.0-1.noarch',
    kind: 'post',
    lua: false,
    status: 0,
    signal: null,
    failed: false,
    durationMs: 12,
    cpuMs: 8,
    interpreterMissing: null,
    commandsNotFound: [],
    ...changes,
  };
}

/** What an install answers, with what a test wants otherwise. */
export function outcome(changes: Partial<Outcome> = {}): Outcome {
  return {
    changed: true,
    deployment: deployment(),
    previous: null,
    reused: false,
    rerun: null,
    scriptlets: [scriptlet()],
    leftovers: [],
    durations: { resolve: 20, transact: 300 },
    ...changes,
  };
}
