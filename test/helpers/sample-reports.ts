import type { ChangeReport, FileChange } from '../../src/report/change-report.js';
import {
  addedFile,
  changedFile,
  changeReport,
  facts,
  reportedPackage,
  reportedScriptlet,
  warning,
} from './change-reports.js';

const PASSWD_DIFF = `--- /etc/passwd
+++ /etc/passwd
@@ -18,6 +18,7 @@
 nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin
 systemd-network:x:998:998:systemd Network Management:/:/usr/sbin/nologin
-_apt:x:42:65534::/nonexistent:/usr/sbin/nologin
+_apt:x:100:65534::/nonexistent:/usr/sbin/nologin
 messagebus:x:101:102::/nonexistent:/usr/sbin/nologin
+nginx:x:102:103:nginx user,,,:/var/cache/nginx:/usr/sbin/nologin
 sshd:x:103:65534::/run/sshd:/usr/sbin/nologin
`;

/** What a preview of a web server on a small Debian could look like. */
export function serverReport(): ChangeReport {
  const files = serverFiles();
  return changeReport({
    asked: {
      command: 'veneer install nginx --from /srv/repo --preview',
      packages: [{ asked: 'nginx', nevra: 'nginx-1.24.0-2.x86_64', dependencies: ['pcre2-10.42-1.x86_64'] }],
    },
    packages: [
      reportedPackage('nginx', { summary: 'A high performance web server and reverse proxy' }),
      reportedPackage('pcre2', { requested: false, summary: 'Perl-compatible regular expressions' }),
      reportedPackage('openssl-libs', {
        ...{
          kind: 'upgraded',
          before: 'openssl-libs-3.0.11-1.x86_64',
          after: 'openssl-libs-3.0.15-1.x86_64',
        },
        ...{ requested: false, sizeDifference: -12_400, summary: 'Libraries for TLS and cryptography' },
      }),
    ],
    files: files.sort((a, b) => (a.path < b.path ? -1 : 1)),
    scriptlets: serverScriptlets(),
    meaning: [
      meant('user', 'added', 'nginx (uid 102)', '/etc/passwd', 'nginx.pre'),
      meant('group', 'added', 'nginx (gid 103)', '/etc/group', 'nginx.pre'),
      meant(
        'systemd unit',
        'enabled',
        'nginx.service',
        '/usr/lib/systemd/system/nginx.service',
        'nginx.post',
      ),
      meant('set-uid or set-gid', 'added', '/usr/libexec/nginx-helper (4755)', null, 'nginx.post'),
      meant('capabilities', 'added', 'cap_net_bind_service=ep', '/usr/sbin/nginx', 'nginx.post'),
      meant('shared libraries', 'changed', 'libssl.so.3', '/usr/lib/libssl.so.3', 'openssl-libs.posttrans'),
    ],
    warnings: serverWarnings(),
    durations: {
      phases: { resolve: 412, shadow: 31, transact: 1830, collect: 96, verify: 22, commit: 4 },
      scriptletsMs: 1402,
    },
  });
}

/** Names, outputs and diffs that try to become markup, to end the script element or to mislead the eye. */
export const HOSTILE = `</script><script>window.injected=1</script><img src=x onerror="window.injected=1">'"\`\${1}<!--`;

/** A report in which every text that a package controls is hostile. */
export function hostileReport(): ChangeReport {
  const { subject } = changeReport();
  const path = `/usr/share/${HOSTILE}`;
  return changeReport({
    subject: { ...subject, after: HOSTILE, view: { kind: HOSTILE, reason: HOSTILE } },
    asked: { command: HOSTILE, packages: [{ asked: HOSTILE, nevra: HOSTILE, dependencies: [HOSTILE] }] },
    packages: [reportedPackage(HOSTILE, { before: HOSTILE, after: HOSTILE, summary: HOSTILE })],
    files: [
      addedFile('/usr/share/doc\u202egpj.exe', { owner: HOSTILE }),
      changedFile(path, {
        causes: [{ by: 'scriptlet', name: HOSTILE, package: HOSTILE }],
        after: facts({ user: HOSTILE, group: HOSTILE, capabilities: HOSTILE, xattrs: [HOSTILE] }),
        diff: `--- a\n+++ b\n@@ -1 +1 @@\n-${HOSTILE}\n+\x1b[31m${HOSTILE}\n`,
      }),
      addedFile('/usr/share/zz', { after: facts({ type: 'symlink', target: HOSTILE, sha256: '' }) }),
    ],
    scriptlets: [
      reportedScriptlet({
        ...{ name: HOSTILE, package: HOSTILE, interpreter: HOSTILE, body: HOSTILE, firesFor: [HOSTILE] },
        ...{ output: { text: HOSTILE, bytes: 99, truncated: true }, commandsNotFound: [HOSTILE] },
      }),
    ],
    meaning: [meant('user', 'added', HOSTILE, HOSTILE, HOSTILE)],
    warnings: [warning({ text: HOSTILE, path, scriptlet: HOSTILE, package: HOSTILE })],
    durations: { phases: { [HOSTILE]: 5 }, scriptletsMs: 1 },
  });
}

/** A report of so many added files in folders of all sizes, one of them with a fifth of the files. */
export function largeReport(number: number): ChangeReport {
  const files = Array.from({ length: number }, (_, index) => {
    const folder = index % 5 === 0 ? 'usr/share/icons' : `usr/lib/module-${index % 97}/part-${index % 13}`;
    const path = `/${folder}/file-${String(index).padStart(6, '0')}.dat`;
    return index % 40 === 0 ? changedFile(path, { diff: PASSWD_DIFF }) : addedFile(path);
  });
  return changeReport({
    files: files.sort((a, b) => (a.path < b.path ? -1 : 1)),
    packages: [reportedPackage('large')],
    scriptlets: [reportedScriptlet()],
    warnings: files
      .filter((file) => file.inPlace)
      .map((file) => warning({ path: file.path, rule: 'foreign-file' })),
  });
}

function serverFiles(): FileChange[] {
  const names = [
    'conf.d/default.conf',
    'fastcgi_params',
    'mime.types',
    'nginx.conf',
    'scgi_params',
    'uwsgi_params',
  ];
  const pages = ['50x.html', 'index.html', 'icons/logo.png', 'icons/favicon.ico'];
  const post = { by: 'scriptlet', name: 'nginx.post', package: 'nginx-1.24.0-2.x86_64' } as const;
  return [
    ...names.map((name) => addedFile(`/etc/nginx/${name}`)),
    ...pages.map((name) => addedFile(`/usr/share/nginx/html/${name}`)),
    changedFile('/etc/passwd', { diff: PASSWD_DIFF }),
    changedFile('/etc/group', {
      inPlace: false,
      letters: 'cp.....',
      after: facts({ mode: '0600', size: 960 }),
    }),
    changedFile('/usr/lib/libssl.so.3', { causes: [{ by: 'rpm' }], inPlace: false, owner: 'openssl-libs' }),
    addedFile('/usr/sbin/nginx', {
      after: facts({ mode: '0755', size: 1_272_000, capabilities: 'cap_net_bind_service=ep' }),
      causes: [{ by: 'payload', package: 'nginx-1.24.0-2.x86_64' }, post],
    }),
    addedFile('/usr/libexec/nginx-helper', {
      after: facts({ mode: '4755', size: 22_016 }),
      causes: [post],
      owner: null,
    }),
    addedFile('/usr/lib/systemd/system/nginx.service'),
    addedFile('/var/cache/nginx', {
      after: facts({ type: 'directory', mode: '0777', sha256: '' }),
      owner: null,
    }),
    addedFile('/usr/lib/libpcre2-8.so.0', {
      after: facts({ type: 'symlink', mode: '0777', target: 'libpcre2-8.so.0.11.2', sha256: '' }),
      owner: 'pcre2',
    }),
    {
      ...changedFile('/usr/lib/libssl.so.1.1'),
      kind: 'removed',
      letters: '-------',
      after: null,
      inPlace: false,
      owner: 'openssl-libs',
    },
  ];
}

function serverScriptlets(): ChangeReport['scriptlets'] {
  const output = {
    text: 'Created symlink /etc/systemd/system/nginx.service.\n\tenabled\n',
    bytes: 60,
    truncated: false,
  };
  return [
    reportedScriptlet({
      name: 'nginx.pre',
      kind: 'pre',
      durationMs: 212,
      changedPaths: 2,
      body: 'useradd -r nginx\n',
    }),
    reportedScriptlet({ durationMs: 884, changedPaths: 3, output, network: { tcp: 1, udp: 0, dns: 2 } }),
    reportedScriptlet({
      name: 'pcre2.post',
      package: 'pcre2',
      interpreter: '/sbin/ldconfig',
      body: '',
      durationMs: 96,
    }),
    reportedScriptlet({
      ...{ name: 'openssl-libs.posttrans', kind: 'posttrans', interpreter: '<lua>', durationMs: 210 },
      ...{ status: 3, failed: true, commandsNotFound: ['update-ca-trust'], body: 'os.exit(3)\n' },
    }),
    reportedScriptlet({
      name: 'nginx.preun',
      kind: 'preun',
      ran: false,
      skipped: 'runs on removal',
      durationMs: 0,
    }),
  ];
}

function serverWarnings(): ChangeReport['warnings'] {
  return [
    warning({
      rule: 'set-uid',
      severity: 'high',
      text: 'Mode 4755, owner root',
      path: '/usr/libexec/nginx-helper',
      scriptlet: 'nginx.post',
    }),
    warning({
      rule: 'scriptlet-failed',
      severity: 'high',
      text: 'Exit status 3',
      scriptlet: 'openssl-libs.posttrans',
    }),
    warning({
      rule: 'foreign-file',
      text: 'Belongs to base-passwd',
      path: '/etc/passwd',
      scriptlet: 'nginx.pre',
    }),
    warning({
      rule: 'foreign-file',
      text: 'Belongs to base-passwd',
      path: '/etc/group',
      scriptlet: 'nginx.pre',
    }),
    warning({ rule: 'network', text: 'Tried 1 TCP connection and 2 name look-ups', scriptlet: 'nginx.post' }),
    warning({
      rule: 'outside-usr',
      severity: 'low',
      text: 'Outlives a deployment',
      path: '/var/cache/nginx',
    }),
  ];
}

type Meant = ChangeReport['meaning'][number];

function meant(
  ...[topic, action, what, path, scriptlet]: [Meant['topic'], Meant['action'], string, string | null, string]
): Meant {
  return { topic, action, what, path, causes: [{ by: 'scriptlet', name: scriptlet, package: 'nginx' }] };
}
