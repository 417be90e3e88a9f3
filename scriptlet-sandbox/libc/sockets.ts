import koffi from 'koffi';
import { checked, libc } from './call.js';

const bound = {
  socket: libc.func('int socket(int domain, int type, int protocol)'),
  setsockopt: libc.func('int setsockopt(int fd, int level, int option, const void *value, uint32_t size)'),
  getsockopt: libc.func(
    'int getsockopt(int fd, int level, int option, _Out_ void *value, _Inout_ uint32_t *size)',
  ),
  attachFilter: libc.func('setsockopt', 'int', [
    ...['int', 'int', 'int'],
    koffi.pointer(koffi.struct({ length: 'uint16_t', instructions: 'void *' })),
    'uint32_t',
  ]),
};

/** socket(2), closed in programs that this process executes. */
export function openSocket(domain: number, type: number, protocol: number): number {
  const SOCK_CLOEXEC = 0x80000;
  return checked('socket', bound.socket(domain, type | SOCK_CLOEXEC, protocol));
}

/** setsockopt(2). */
export function setSocketOption(fd: number, level: number, option: number, value: Buffer): void {
  checked('setsockopt', bound.setsockopt(fd, level, option, value, value.length));
}

/** getsockopt(2) for an option of this many bytes. */
export function getSocketOption(fd: number, level: number, option: number, size: number): Buffer {
  const value = Buffer.alloc(size);
  checked('getsockopt', bound.getsockopt(fd, level, option, value, [size]));
  return value;
}

/** Has a socket take only what this program for the classic packet filter lets through (8 bytes an instruction). */
export function attachSocketFilter(fd: number, instructions: Buffer): void {
  const [SOL_SOCKET, SO_ATTACH_FILTER, SIZE] = [1, 26, 16];
  const program = { length: instructions.length / 8, instructions };
  checked('setsockopt', bound.attachFilter(fd, SOL_SOCKET, SO_ATTACH_FILTER, program, SIZE));
}
