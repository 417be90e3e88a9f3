import type { Measured, ViewName } from './measure.js';

/** A vector that does not go in a view as it goes on a private copy. */
export interface Exception {
  view: ViewName;
  stage: 'base' | 'call' | 'merge';
  vector: string;
  /** What was seen. */
  said: string;
  /** Why; undefined where nobody knows, which fails the test. */
  reason: string | undefined;
}

interface Rule {
  /** Any view that is not named here, or begins otherwise, is left alone by the rule. */
  views?: RegExp;
  stage: 'call' | 'merge';
  vectors?: RegExp;
  said?: RegExp;
  reason: string;
}

/** Why vectors fail in views: the first rule that fits counts. A changed base has no excuse. */
const RULES: readonly Rule[] = [
  {
    stage: 'call',
    said: /^refused: (EPERM: (process_vm_writev|ptrace|name_to_handle_at|pidfd_getfd)|ENOSYS: io_uring_setup)/,
    reason: 'the seccomp filter of the sandbox denies it',
  },
  {
    views: /^(overlay|copy)/,
    stage: 'call',
    vectors: /immutable|append/,
    said: /not permitted|EPERM/,
    reason: 'it needs the capability LINUX_IMMUTABLE, which the sandbox drops',
  },
  {
    stage: 'call',
    vectors: /xattr-(security|trusted|overlay-trusted)/,
    said: /^refused: EPERM/,
    reason: 'it needs the capability SYS_ADMIN, which the sandbox drops',
  },
  {
    views: /^overlay/,
    stage: 'call',
    said: /other link|more than one hard link/,
    reason:
      "the tool refuses a file with more than one name, and overlayfs counts names that the tree's inode has in other trees",
  },
  { views: /^overlay/, stage: 'call', vectors: /^generation$/, reason: 'overlayfs does not have this ioctl' },
  {
    views: /^overlay/,
    stage: 'call',
    vectors: /^(rename-whiteout|mknod-char-zero)$/,
    reason: 'the device 0:0 is what overlayfs marks a removed path with',
  },
  {
    views: /^(overlay|copy)/,
    stage: 'merge',
    vectors: /^flag-folder$/,
    reason: 'the flags of a folder are not merged',
  },
  {
    views: /^copy$/,
    stage: 'merge',
    said: /flags is/,
    reason: 'flags are not copied out of the private copy',
  },
  {
    views: /^copy$/,
    stage: 'merge',
    vectors: /^(rename-whiteout|mknod-char-zero)$/,
    reason: 'the device 0:0 is what marks a removed path in an upper folder',
  },
  {
    views: /^fuse|rootless/,
    stage: 'call',
    said: /EXDEV/,
    reason: 'a folder of the tree cannot be renamed here: mv copies it instead',
  },
  {
    views: /rootless/,
    stage: 'merge',
    vectors: /^setxattr-overlay-user$/,
    reason: "the names user.overlay.* are overlayfs's own here, and taken off",
  },
  {
    views: /rootless/,
    stage: 'call',
    vectors: /^mkswap$/,
    reason: 'the inode number changes at the first write, as there is no index of inodes: mkswap compares it',
  },
  {
    views: /rootless/,
    stage: 'call',
    said: /links is|EEXIST|ENOENT|content is/,
    reason:
      'hardlink pairs split at the first write, as there is no index of inodes; the merge links the names again that are left',
  },
  {
    views: /^fuse/,
    stage: 'call',
    vectors: /pair|unlink/,
    reason: 'hardlink pairs are not kept: the other name stays as it was',
  },
  {
    views: /^fuse/,
    stage: 'merge',
    reason:
      'it keeps what is written by one name of a hardlink pair under the other: it is lost with that name',
  },
  {
    views: /^fuse/,
    stage: 'call',
    vectors: /fifo|device|socket/,
    reason: 'pipes, sockets and devices of the tree cannot be changed',
  },
  {
    views: /^fuse/,
    stage: 'call',
    vectors: /suid/,
    reason: 'set-uid bits are lost by truncate(2), and kept where they should go',
  },
  { views: /^fuse/, stage: 'call', vectors: /symlink/, reason: 'a symlink that is copied up loses its time' },
  {
    views: /^fuse/,
    stage: 'call',
    said: /ENOTTY|EOPNOTSUPP|not supported/,
    reason: 'it has no flags, no O_TMPFILE, and not every mode of fallocate',
  },
  {
    views: /^fuse/,
    stage: 'call',
    vectors: /whiteout|^name-longest$|^mknod-char-zero$/,
    reason: 'its marks for removed paths take names and devices away from users',
  },
  {
    views: /^fuse/,
    stage: 'call',
    vectors: /default|inherited/,
    reason: 'a new file does not inherit the default ACL as it should',
  },
  {
    views: /^fuse/,
    stage: 'call',
    vectors: /^(truncate-same|setxattr-overlay-user)$/,
    reason: 'it answers that it did it, and did not',
  },
];

/** Everything that did not go in a view as on a private copy, with the reason. */
export function listExceptions({ view, verdicts }: Measured): Exception[] {
  return verdicts.flatMap(({ vector, ...stages }) =>
    (['base', 'call', 'merge'] as const).flatMap((stage) => {
      const said = stages[stage];
      return said === '' ? [] : [withReason({ view, stage, vector: vector.id, said })];
    }),
  );
}

function withReason(exception: Omit<Exception, 'reason'>): Exception {
  const rule = RULES.find(
    ({ views = /./, stage, vectors = /./, said = /./ }) =>
      views.test(exception.view) &&
      stage === exception.stage &&
      vectors.test(exception.vector) &&
      said.test(exception.said),
  );
  return { ...exception, reason: rule?.reason };
}
