import { closeSync, readSync, writeSync } from 'node:fs';
import { attachSocketFilter, getSocketOption, openSocket, setSocketOption } from './libc.js';
import { packetFilter } from './packet-filter.js';

/** What was sent to where there is nothing; each attempt is in one of the three. */
export interface NetworkAttempts {
  /** TCP connections that were tried, but for those to the sandbox's own loopback addresses. */
  tcp: number;
  /** UDP packets sent, but for those to the sandbox's own loopback addresses. */
  udp: number;
  /** Requests to port 53, wherever sent: a look-up of a name makes one or more for each name server. */
  dns: number;
}

const AF_INET = 2;
const AF_INET6 = 10;
const AF_NETLINK = 16;
const AF_PACKET = 17;
const SOCK_DGRAM = 2;
const SOCK_RAW = 3;
const SOL_SOCKET = 1;
const SOL_PACKET = 263;
/** ETH_P_ALL in network byte order. */
const ALL_PROTOCOLS = 0x0300;

const COUNTERS = [
  { name: 'tcp', protocol: 'tcp', lookups: false },
  { name: 'udp', protocol: 'udp', lookups: false },
  { name: 'dns', protocol: 'tcp', lookups: true },
  { name: 'dns', protocol: 'udp', lookups: true },
] as const;

const sockets: { name: keyof NetworkAttempts; fd: number }[] = [];

/**
 * Makes a network of nothing: every address there is belongs to the loopback of this namespace, where nobody listens.
 * So an attempt is refused at once by the sandbox's own kernel, and its first packet has been sent and is counted.
 * On an interface that is down connect(2) fails at the look-up of a route and moves no counter of the kernel.
 */
export function deadNetwork(): void {
  for (const { name, ...counted } of COUNTERS) {
    const fd = openSocket(AF_PACKET, SOCK_DGRAM, ALL_PROTOCOLS);
    attachSocketFilter(fd, packetFilter(counted));
    startCounting(fd);
    sockets.push({ name, fd });
  }
  requestRoutes([linkUp(), localRoute(AF_INET), localRoute(AF_INET6)]);
}

/** What was tried since the last call; to be called in the confined process. */
export function readNetworkAttempts(): NetworkAttempts {
  const PACKET_STATISTICS = 6;
  const attempts: NetworkAttempts = { tcp: 0, udp: 0, dns: 0 };
  // `tp_packets` counts also what found no room in the socket, and starts at 0 again with each reading (packet(7)).
  for (const { name, fd } of sockets) {
    attempts[name] += getSocketOption(fd, SOL_PACKET, PACKET_STATISTICS, 8).readUInt32LE(0);
  }
  return attempts;
}

/** Takes what arrives only: on a loopback each packet also leaves. Nobody reads the packets, so no room is kept. */
function startCounting(fd: number): void {
  const [PACKET_IGNORE_OUTGOING, SO_RCVBUF] = [23, 8];
  setSocketOption(fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, int32(1));
  setSocketOption(fd, SOL_SOCKET, SO_RCVBUF, int32(0));
}

interface RouteRequest {
  type: number;
  body: Buffer;
}

function linkUp(): RouteRequest {
  const [RTM_NEWLINK, LOOPBACK, IFF_UP] = [16, 1, 1];
  const body = Buffer.alloc(16);
  body.writeInt32LE(LOOPBACK, 4);
  body.writeUInt32LE(IFF_UP, 8);
  body.writeUInt32LE(IFF_UP, 12);
  return { type: RTM_NEWLINK, body };
}

/** `ip route add local default dev lo`. */
function localRoute(family: number): RouteRequest {
  const [RTM_NEWROUTE, RT_TABLE_LOCAL, RTPROT_BOOT, RT_SCOPE_HOST, RTN_LOCAL] = [24, 255, 3, 254, 2];
  const [RTA_OIF, LOOPBACK] = [4, 1];
  const body = Buffer.alloc(20);
  body.set([family, 0, 0, 0, RT_TABLE_LOCAL, RTPROT_BOOT, RT_SCOPE_HOST, RTN_LOCAL]);
  body.writeUInt16LE(8, 12);
  body.writeUInt16LE(RTA_OIF, 14);
  body.writeUInt32LE(LOOPBACK, 16);
  return { type: RTM_NEWROUTE, body };
}

/** Sends requests to the kernel's rtnetlink(7). IPv6 may be missing from a kernel; then nothing can be sent by it. */
function requestRoutes(requests: readonly RouteRequest[]): void {
  const [NETLINK_ROUTE, REQUEST_ACK_CREATE] = [0, 0x405];
  const fd = openSocket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);
  for (const { type, body } of requests) {
    const head = Buffer.alloc(16);
    head.writeUInt32LE(head.length + body.length, 0);
    head.writeUInt16LE(type, 4);
    head.writeUInt16LE(REQUEST_ACK_CREATE, 6);
    writeSync(fd, Buffer.concat([head, body]));
    const answer = Buffer.alloc(4096);
    readSync(fd, answer);
    const errno = answer.readInt32LE(16);
    if (errno !== 0 && body[0] !== AF_INET6) throw new Error(`rtnetlink request ${type}: error ${errno}`);
  }
  closeSync(fd);
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value);
  return bytes;
}
