// Makes this machine ready for tests and demo: Node's packages and Debian's. Says what it installs, and is quick and
// silent when nothing is missing. Runs before node_modules exists, so it uses Node alone:
// `node .ci/setup.mjs [COMMAND…]`, where COMMAND is what runs next and needs root.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const OLDEST_NODE = 20;
// Named even where every Debian has them: a container's may be trimmed.
const DEBIAN_PACKAGES = [
  ...[
    'rpm',
    'createrepo-c',
    'dnf',
    'debootstrap',
    'busybox-static',
    'libseccomp2',
    'fuse-overlayfs',
    'uidmap',
  ],
  ...['acl', 'attr', 'libcap2-bin', 'util-linux', 'mount', 'e2fsprogs', 'strace', 'procps', 'psmisc'],
  ...['tar', 'gzip', 'bzip2', 'xz-utils', 'zstd', 'ca-certificates'],
  // For the conformance suite, which tries these tools on files, and compiles its system calls.
  ...['gcc', 'libc6-dev', 'binutils', 'perl', 'python3', 'patch', 'ed', 'rsync', 'cpio', 'zip', 'unzip'],
  ...['sqlite3', 'fdisk', 'passwd', 'dpkg'],
  // Opens the HTML report.
  'chromium',
];
// npm compiles better-sqlite3 where it cannot download a compiled one.
const COMPILERS = ['g++', 'make', 'python3'];

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const stamp = join(root, 'node_modules/.veneer-lock');
const isRoot = process.getuid() === 0;
const next = process.argv.slice(2).join(' ');
checkNode();
const areNodePackagesMissing = !hasNodePackages();
installDebianPackages(areNodePackagesMissing ? [...DEBIAN_PACKAGES, ...COMPILERS] : DEBIAN_PACKAGES);
checkRoot();
if (areNodePackagesMissing) installNodePackages();

function checkNode() {
  const major = Number(process.versions.node.split('.')[0]);
  if (major < OLDEST_NODE) fail(`Node ${OLDEST_NODE} or newer is needed, this is ${process.versions.node}`);
}

function hasNodePackages() {
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === lockHash();
}

function installNodePackages() {
  say('installing the Node packages of package-lock.json: npm ci');
  perform('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']);
  writeFileSync(stamp, lockHash());
}

function lockHash() {
  return createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
}

function installDebianPackages(needed) {
  const missing = missingDebianPackages(needed);
  if (missing.length === 0) return;
  const command = `apt-get install -y --no-install-recommends ${missing.join(' ')}`;
  if (!isRoot) {
    fail(
      `these Debian packages are missing: ${missing.join(' ')}`,
      `run as root: apt-get update && ${command}`,
      ...(next === '' ? [] : [`then, as root too: cd ${root} && ${next}`]),
    );
  }
  say(`installing Debian packages: ${missing.join(' ')}`);
  const [program, ...args] = command.split(' ');
  if (!hasPackageLists()) perform('apt-get', ['-q', 'update']);
  if (attempt(program, args)) return;
  // Old lists name versions that the mirror no longer has.
  perform('apt-get', ['-q', 'update']);
  perform(program, args);
}

function checkRoot() {
  if (isRoot || next === '') return;
  fail(
    `${next} mounts file systems and changes owners, which needs root`,
    `run as root: cd ${root} && ${next}`,
  );
}

function missingDebianPackages(needed) {
  const format = `\${Package} \${db:Status-Status}\\n`;
  const { error, stdout } = spawnSync('dpkg-query', ['-W', '-f', format, ...needed], {
    encoding: 'utf8',
  });
  if (error) fail('this is not a Debian system: dpkg-query is missing');
  const installed = new Set(stdout.split('\n').filter((line) => line.endsWith(' installed')));
  return needed.filter((name) => !installed.has(`${name} installed`));
}

function hasPackageLists() {
  return readdirSync('/var/lib/apt/lists').some((name) => /_Packages(\.\w+)?$/.test(name));
}

function perform(program, args) {
  if (!attempt(program, args)) fail(`failed: ${program} ${args.join(' ')}`);
}

// What the programs say goes to stderr: stdout belongs to the command that runs after this.
function attempt(program, args) {
  const { status } = spawnSync(program, args, {
    cwd: root,
    stdio: ['ignore', 2, 2],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
  return status === 0;
}

function say(line) {
  process.stderr.write(`${line}\n`);
}

function fail(...lines) {
  for (const line of lines) say(line);
  process.exit(1);
}
