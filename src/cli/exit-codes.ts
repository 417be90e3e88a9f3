import { EXIT } from '../index.js';

const MEANINGS: Record<keyof typeof EXIT, string> = {
  done: 'done',
  failed: 'failed, and nothing was changed',
  usage: 'the command was not understood, or a file named in it is no RPM',
  scriptlet: 'a scriptlet failed, and nothing was changed',
  dependencies: 'a dependency is missing, or packages conflict',
  locked: 'another veneer works on this sysroot',
  damage: 'verify or fsck found damage',
  unsafe: 'a rule of --fail-on found something',
  interrupted: 'interrupted',
};

/** The exit statuses and what they mean, a line each. */
export function exitCodeTable(): string {
  return Object.entries(EXIT)
    .map(([name, status]) => `  ${String(status).padStart(3)}  ${MEANINGS[name as keyof typeof EXIT]}`)
    .join('\n');
}
