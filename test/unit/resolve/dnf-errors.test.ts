import { expect, test } from 'vitest';
import { dnfError } from '../../../src/resolve/dnf-errors.js';

test('each sentence of libsolv is made readable, once, and its own reasoning left out', () => {
  const stderr = `Error: 
 Problem 1: package app-1-1.noarch from veneer requires needy >= 2, but none of the providers can be installed
  - conflicting requests
  - nothing provides nowhere >= 3 needed by needy-2-1.noarch from veneer
 Problem 2: problem with installed package busybox-1-1.x86_64
  - package clash-1-1.noarch from veneer conflicts with busybox provided by busybox-1-1.x86_64 from @System
  - nothing provides nowhere >= 3 needed by needy-2-1.noarch from veneer
(try to add '--skip-broken' to skip uninstallable packages)`;
  const error = dnfError('app', { exitCode: 1, stdout: '', stderr, files: [] });
  expect(error.code).toBe('E_DEPENDENCIES');
  expect(error.lines).toEqual([
    'app-1-1.noarch needs needy >= 2, of which no provider can be installed',
    'needy-2-1.noarch needs nowhere >= 3, which nothing provides',
    'clash-1-1.noarch conflicts with busybox, which busybox-1-1.x86_64 provides',
  ]);
});

test('a failure that is no matter of dependencies is shown as dnf tells it', () => {
  const stderr = 'Error: Failed to download metadata for repo veneer\n';
  const error = dnfError('app', { exitCode: 1, stdout: '', stderr, files: [] });
  expect([error.code, error.lines]).toEqual(['E_PROGRAM_FAILED', [stderr.trim()]]);
});
