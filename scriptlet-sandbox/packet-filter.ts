/** Which packets a counter counts: the first one of each attempt, sent by IPv4 or IPv6. */
export interface Counted {
  protocol: 'tcp' | 'udp';
  /** Only look-ups of names (port 53), wherever they are sent; otherwise all but those, and none to the loopback. */
  lookups: boolean;
}

/** An instruction of the classic packet filter; jumps name the label of a later instruction, or the next one. */
interface Instruction {
  label?: string;
  code: number;
  k: number;
  yes?: string;
  no?: string;
}

const LOAD = { word: 0x20, half: 0x28, byte: 0x30, halfAtX: 0x48, byteAtX: 0x50 } as const;
const LOAD_X = 0x01;
const LOAD_X_IPV4_HEADER_LENGTH = 0xb1;
const AND = 0x54;
const JUMP_IF_EQUAL = 0x15;
const JUMP_IF_ANY_BIT = 0x45;
const RETURN = 0x06;

const PROTOCOLS = { tcp: 6, udp: 17 } as const;
const DNS_PORT = 53;
const SYN_AND_ACK = 0x12;
const SYN = 0x02;

const LOOPBACK_V4: readonly Instruction[] = [
  { code: LOAD.byte, k: 16 },
  { code: JUMP_IF_EQUAL, k: 127, yes: 'skip' },
];

/** `::1` and `::`; no other address with twelve leading zero bytes is in use. */
const LOOPBACK_V6: readonly Instruction[] = [
  { code: LOAD.word, k: 24 },
  { code: JUMP_IF_EQUAL, k: 0, no: 'remote' },
  { code: LOAD.word, k: 28 },
  { code: JUMP_IF_EQUAL, k: 0, no: 'remote' },
  { code: LOAD.word, k: 32 },
  { code: JUMP_IF_EQUAL, k: 0, yes: 'skip', no: 'remote' },
];

/**
 * A filter for packets that begin with their IP header: a TCP packet counts when it opens a connection, a UDP packet
 * always, and a fragment when it is the first. Source: kernel, networking/filter.rst.
 */
export function packetFilter(counted: Counted): Buffer {
  return assemble([
    { code: LOAD.byte, k: 0 },
    { code: AND, k: 0xf0 },
    { code: JUMP_IF_EQUAL, k: 0x40, yes: 'v4' },
    { code: JUMP_IF_EQUAL, k: 0x60, yes: 'v6', no: 'skip' },
    { label: 'v4', code: LOAD.byte, k: 9 },
    { code: JUMP_IF_EQUAL, k: PROTOCOLS[counted.protocol], no: 'skip' },
    { code: LOAD.half, k: 6 },
    { code: JUMP_IF_ANY_BIT, k: 0x1fff, yes: 'skip' },
    ...(counted.lookups ? [] : LOOPBACK_V4),
    { code: LOAD_X_IPV4_HEADER_LENGTH, k: 0 },
    { code: JUMP_IF_ANY_BIT, k: 0, yes: 'skip', no: 'transport' },
    { label: 'v6', code: LOAD.byte, k: 6 },
    { code: JUMP_IF_EQUAL, k: PROTOCOLS[counted.protocol], no: 'skip' },
    ...(counted.lookups ? [] : LOOPBACK_V6),
    { label: 'remote', code: LOAD_X, k: 40 },
    ...transport(counted),
    { label: 'count', code: RETURN, k: 1 },
    { label: 'skip', code: RETURN, k: 0 },
  ]);
}

/** X is where the transport header begins. */
function transport({ protocol, lookups }: Counted): Instruction[] {
  const opens: Instruction[] = [
    { code: LOAD.byteAtX, k: 13 },
    { code: AND, k: SYN_AND_ACK },
    { code: JUMP_IF_EQUAL, k: SYN, no: 'skip' },
  ];
  const [first, ...rest]: Instruction[] = [
    ...(protocol === 'tcp' ? opens : []),
    { code: LOAD.halfAtX, k: 2 },
    {
      code: JUMP_IF_EQUAL,
      k: DNS_PORT,
      yes: lookups ? 'count' : 'skip',
      no: lookups ? 'skip' : 'count',
    },
  ];
  return first === undefined ? rest : [{ ...first, label: 'transport' }, ...rest];
}

/** `struct sock_filter`: code, how many instructions to jump over when true and when false, operand. */
function assemble(instructions: readonly Instruction[]): Buffer {
  const program = Buffer.alloc(instructions.length * 8);
  for (const [at, { code, k, yes, no }] of instructions.entries()) {
    program.writeUInt16LE(code, at * 8);
    program.writeUInt8(distance(instructions, at, yes), at * 8 + 2);
    program.writeUInt8(distance(instructions, at, no), at * 8 + 3);
    program.writeUInt32LE(k, at * 8 + 4);
  }
  return program;
}

function distance(instructions: readonly Instruction[], from: number, label: string | undefined): number {
  if (label === undefined) return 0;
  return instructions.findIndex((instruction) => instruction.label === label) - from - 1;
}
