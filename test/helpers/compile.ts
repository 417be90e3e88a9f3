import { execFileSync } from 'node:child_process';

/** Threads, sandboxed processes and the command line always run from dist/: brings it up to date, once a run. */
export default function compile(): void {
  execFileSync(process.execPath, ['.ci/run-built.mjs'], { stdio: 'inherit' });
}
