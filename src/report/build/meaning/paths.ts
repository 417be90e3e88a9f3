import type { FileChange, Meaning } from '../../change-report.js';

/** Where a path alone tells what it is for. */
const TOPICS: readonly { topic: Meaning['topic']; paths: RegExp }[] = [
  { topic: 'alternative', paths: /^\/etc\/alternatives\/[^/]+$/ },
  // Files named .placeholder keep empty folders in a package, cron passes over them.
  {
    topic: 'cron',
    paths: /^\/(?:etc\/cron\.[^/]+\/(?!\.placeholder$)[^/]+|etc\/(?:ana)?crontab|var\/spool\/cron\/.+)$/,
  },
  {
    topic: 'PAM',
    paths: /^\/(?:etc\/pam\.d\/[^/]+|etc\/pam\.conf|usr\/lib\/pam\.d\/[^/]+|etc\/security\/.+)$/,
  },
  { topic: 'sudoers', paths: /^\/etc\/sudoers(?:\.d\/[^/]+)?$/ },
  { topic: 'kernel module', paths: /^\/(?:etc|usr\/lib)\/(?:modules-load|modprobe)\.d\/[^/]+\.conf$/ },
  { topic: 'shared libraries', paths: /^\/etc\/ld\.so\.(?:cache|preload|conf|conf\.d\/[^/]+)$/ },
  { topic: 'configuration kept', paths: /\.rpm(?:new|save|orig)$/ },
];

const UNCHANGED = '.......';

/** Changes of files that have a meaning by where they lie: alternatives, cron, PAM, sudoers, ld.so, kept configuration. */
export function meaningOfPaths(files: readonly FileChange[]): Meaning[] {
  return files.flatMap((file) => {
    const { path, kind, letters, causes } = file;
    const topics = TOPICS.filter(({ paths }) => paths.test(path));
    if (letters === UNCHANGED || (file.after ?? file.before)?.type === 'directory') return [];
    return topics.map(
      ({ topic }): Meaning => ({ topic, action: kind, what: nameOf(file, topic), path, causes }),
    );
  });
}

function nameOf({ path, before, after }: FileChange, topic: Meaning['topic']): string {
  if (topic !== 'alternative') return path;
  const name = path.slice(path.lastIndexOf('/') + 1);
  return `${name} -> ${(after ?? before)?.target}`;
}
