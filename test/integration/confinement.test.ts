import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { buildRpm } from '../../fixtures/build-rpm.js';
import type { Script } from '../../fixtures/package-definition.js';
import { install, VeneerError } from '../../src/index.js';
import { TINY } from '../helpers/fixture-rpms.js';
import { deploymentTree, newSysroot, sysrootState, temporaryFolder, veneer } from '../helpers/workspace.js';

async function packaged(post: Script): Promise<string> {
  return buildRpm({ name: 'attack', version: '1', scripts: { post } }, temporaryFolder());
}

/** Runs a scriptlet that writes what it finds to /found, and answers that. */
async function found(post: Script): Promise<string> {
  const made = await newSysroot(TINY);
  const { deployment } = await install(made.sysroot, { packages: [await packaged(post)], from: [] }, {});
  return readFileSync(join(deploymentTree(made.folder, deployment.id), 'found'), 'utf8');
}

async function failure(post: Script): Promise<VeneerError> {
  const made = await newSysroot(TINY);
  const packages = [await packaged(post)];
  const error = await install(made.sysroot, { packages, from: [] }, {}).catch((thrown) => thrown);
  expect(sysrootState(made.folder)).toEqual({ deployments: [], stage: [] });
  if (!(error instanceof VeneerError)) throw error;
  return error;
}

describe('a scriptlet', () => {
  test("in Lua, in librpm's own process, does not reach the host by an open folder", async () => {
    const secret = join(temporaryFolder(), 'secret');
    writeFileSync(secret, 'what only the host may know\n');
    const ways = ['', '/..', '/../..', '/../../../../../../../../..'];
    const body = `
local out = io.open("/found", "w")
local tried = 0
for fd = 0, 99 do
  for _, way in ipairs({ ${ways.map((way) => `"${way}"`).join(', ')} }) do
    for _, path in ipairs({ "${secret}", "/etc/debian_version" }) do
      tried = tried + 1
      local file = io.open("/proc/self/fd/" .. fd .. way .. path, "r")
      if file then out:write("ESCAPED ", fd, way, path, "\\n") end
      local writable = io.open("/proc/self/fd/" .. fd .. way .. "/proc/sys/kernel/core_pattern", "w")
      if writable then out:write("ESCAPED: kernel settings ", fd, way, "\\n") end
    end
  end
end
out:write(tried, " tried\\n")
out:close()`;
    const text = await found({ interpreter: '<lua>', body });
    expect(text).toBe('800 tried\n');
  });

  test('inherits nothing but the first three descriptors, and its stdin is empty', async () => {
    expect(await found('cat >/found; ls /proc/self/fd | tr "\\n" " " >>/found')).toBe('0 1 2 3 ');
  });

  test('sees nothing of the sysroot', async () => {
    const made = await newSysroot(TINY);
    const packages = [await packaged(`ls -d ${made.folder} >/found 2>&1; true`)];
    const { deployment } = await install(made.sysroot, { packages, from: [] }, {});
    const text = readFileSync(join(deploymentTree(made.folder, deployment.id), 'found'), 'utf8');
    expect(text).toContain('No such file');
  });

  test('that tries the network is refused, and told of with how often', async () => {
    const made = await newSysroot(TINY);
    const packages = [
      await packaged('nc -w 5 192.0.2.1 80; nc -w 5 192.0.2.1 443; wget http://example.org/; true'),
    ];
    const { scriptlets } = await install(made.sysroot, { packages, from: [] }, {});
    const run = scriptlets.find(({ name }) => name === 'attack.post');
    expect(run?.network).toMatchObject({ tcp: 2, udp: 0 });
    expect(run?.network?.dns).toBeGreaterThan(0);
  });

  test('that leaves it alone has no attempts', async () => {
    const made = await newSysroot(TINY);
    const { scriptlets } = await install(made.sysroot, { packages: [await packaged('true')], from: [] }, {});
    expect(scriptlets.map(({ network }) => network)).toEqual([{ tcp: 0, udp: 0, dns: 0 }]);
  });

  test.each([
    { post: 'yes', code: 'E_OUTPUT_LIMIT' },
    { post: 'while :; do sleep 1000 & done', code: 'E_PROCESS_LIMIT' },
    { post: 'kill -STOP $$', code: 'E_STOPPED' },
  ])('that $post is ended by $code', async ({ post, code }) => {
    const error = await failure(post);
    expect(error.code).toBe(code);
    expect(error.message).toContain('attack.post');
    expect(error.lines.length).toBeGreaterThan(0);
  });
});

test('escape sequences of a scriptlet reach no terminal, and its log has them as they were', async () => {
  const made = await newSysroot(TINY);
  const path = await packaged(`printf '\\033]0;title\\007\\033[31mred\\033[2J\\r\\302\\233A'; exit 1`);
  const { stderr, stdout, exitCode } = await veneer(['install', path], { sysroot: made.folder });
  expect(exitCode).toBe(3);
  expect(stderr).toContain('\\x1b]0;title\\x07\\x1b[31mred\\x1b[2J\\r\\x9bA');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  expect(stdout + stderr).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f]/);
  const [transaction = ''] = readdirSync(join(made.folder, 'logs'));
  const log = readFileSync(join(made.folder, 'logs', transaction, 'attack.post'));
  expect(log.toString('latin1')).toContain('\x1b]0;title\x07\x1b[31mred\x1b[2J\r');
});
