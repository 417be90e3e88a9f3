import { afterAll, describe, expect, test } from 'vitest';
import { attackedTree } from './helpers/attacked-tree.js';
import { attack } from './helpers/confined.js';

const { tree, remove } = attackedTree();
afterAll(remove);

const NONE = { tcp: 0, udp: 0, dns: 0 };

describe('what is sent to the network is refused at once, and counted', () => {
  test.each([
    { what: 'nothing', script: 'true', counted: NONE },
    { what: 'a TCP connection', script: 'nc -w 5 192.0.2.1 443', counted: { ...NONE, tcp: 1 } },
    { what: 'a TCP connection by IPv6', script: 'nc -w 5 2001:db8::1 443', counted: { ...NONE, tcp: 1 } },
    {
      what: 'three TCP connections',
      script: 'for i in 1 2 3; do nc -w 5 192.0.2.$i 80; done',
      counted: { ...NONE, tcp: 3 },
    },
    { what: 'a UDP packet', script: 'attack send 192.0.2.1 123 1', counted: { ...NONE, udp: 1 } },
    {
      what: 'a DNS request by UDP',
      script: 'attack send 192.0.2.1 53 1',
      counted: { ...NONE, dns: 1 },
    },
    { what: 'a DNS request by TCP', script: 'nc -w 5 192.0.2.1 53', counted: { ...NONE, dns: 1 } },
    {
      what: 'a connection to its own loopback',
      script: 'nc -w 5 127.0.0.1 80; nc -w 5 ::1 80',
      counted: NONE,
    },
  ])('$what', async ({ script, counted }) => {
    const { network } = await attack(['/bin/sh', '-c', `{ ${script}\n} </dev/null >/dev/null 2>&1`], {
      tree,
    });
    expect(network).toEqual(counted);
  });

  test('a name that the resolver asks for', async () => {
    const { network, text } = await attack(
      ['/bin/sh', '-c', 'ping -c 1 example.org; wget http://example.org/'],
      { tree },
    );
    expect(text).toContain('bad address');
    expect(network.dns).toBeGreaterThanOrEqual(2);
    expect(network).toMatchObject({ tcp: 0, udp: 0 });
  });

  test('many packets at a time, which nobody takes in', async () => {
    const { network } = await attack(['/bin/attack', 'send', '192.0.2.1', '9', '100000'], { tree });
    expect(network.udp).toBe(100_000);
  });

  test('a server and its client inside can talk', async () => {
    const script = 'echo hello | nc -l -p 8080 & sleep 0.3; nc -w 2 127.0.0.1 8080';
    const { network, text } = await attack(['/bin/sh', '-c', script], { tree });
    expect(text).toContain('hello');
    expect(network).toEqual(NONE);
  });
});
