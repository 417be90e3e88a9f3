/** Names by the kernel's number (include/uapi/linux/capability.h). */
const NAMES = [
  ...['chown', 'dac_override', 'dac_read_search', 'fowner', 'fsetid', 'kill', 'setgid', 'setuid', 'setpcap'],
  ...[
    'linux_immutable',
    'net_bind_service',
    'net_broadcast',
    'net_admin',
    'net_raw',
    'ipc_lock',
    'ipc_owner',
  ],
  ...[
    'sys_module',
    'sys_rawio',
    'sys_chroot',
    'sys_ptrace',
    'sys_pacct',
    'sys_admin',
    'sys_boot',
    'sys_nice',
  ],
  ...[
    'sys_resource',
    'sys_time',
    'sys_tty_config',
    'mknod',
    'lease',
    'audit_write',
    'audit_control',
    'setfcap',
  ],
  ...['mac_override', 'mac_admin', 'syslog', 'wake_alarm', 'block_suspend', 'audit_read', 'perfmon', 'bpf'],
  'checkpoint_restore',
];

/** The attribute's layout is `struct vfs_cap_data` or `vfs_ns_cap_data`: a word of flags, then pairs of words. */
const REVISION_1 = 0x01000000;
const REVISION_3 = 0x03000000;
const REVISION_MASK = 0xff000000;
const EFFECTIVE = 0x1;
const WORD = 4;
/** libcap's bits: its order of combinations follows from them. */
const [E, P, I] = [1, 2, 4];

/**
 * File capabilities as getcap(8) shows them, from the value of `security.capability`: `cap_net_admin,cap_net_raw=ep`;
 * with the id of the user namespace's root where there is one. A value that is none is shown in hex.
 */
export function capabilityText(value: Buffer): string {
  const flags = value.length < WORD ? 0 : value.readUInt32LE(0);
  const revision = (flags & REVISION_MASK) >>> 0;
  const words = revision === REVISION_1 ? 1 : 2;
  const needed = WORD * (1 + 2 * words + (revision === REVISION_3 ? 1 : 0));
  if (revision < REVISION_1 || revision > REVISION_3 || value.length < needed) return value.toString('hex');
  const text = setText(combinations(value, { words, effective: (flags & EFFECTIVE) !== 0 }));
  const rootId = revision === REVISION_3 ? value.readUInt32LE(needed - WORD) : 0;
  return rootId === 0 ? text : `${text} [rootid=${rootId}]`;
}

/** For each capability that this kernel's table knows, which of e, i and p it is in. */
function combinations(value: Buffer, { words, effective }: { words: number; effective: boolean }): number[] {
  return NAMES.map((_, number) => {
    const word = number >> 5;
    if (word >= words) return 0;
    const has = (offset: number) =>
      (value.readUInt32LE(WORD * (1 + 2 * word + offset)) >>> (number & 31)) & 1;
    const [permitted, inheritable] = [has(0), has(1)];
    return permitted * P + inheritable * I + (effective && permitted + inheritable > 0 ? E : 0);
  });
}

/** As cap_to_text(3) does: the most common combination first, then what is otherwise. */
function setText(combined: readonly number[]): string {
  const counts = Array.from(
    { length: 8 },
    (_, combination) => combined.filter((c) => c === combination).length,
  );
  const common = counts.indexOf(Math.max(...counts));
  const parts = common === 0 ? [] : [`=${letters(common)}`];
  for (let other = 7; other >= 0; other--) {
    if (other === common || counts[other] === 0) continue;
    const names = NAMES.filter((_, number) => combined[number] === other).map((name) => `cap_${name}`);
    const isFirst = parts.length === 0;
    parts.push(names.join(',') + (isFirst ? `=${letters(other)}` : difference(other, common)));
  }
  return parts.length === 0 ? '=' : parts.join(' ');
}

function difference(combination: number, common: number): string {
  const [more, less] = [combination & ~common, common & ~combination];
  return (more === 0 ? '' : `+${letters(more)}`) + (less === 0 ? '' : `-${letters(less)}`);
}

function letters(combination: number): string {
  const has = (bit: number, letter: string) => ((combination & bit) === 0 ? '' : letter);
  return has(E, 'e') + has(I, 'i') + has(P, 'p');
}
