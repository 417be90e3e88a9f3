import { defineConfig } from 'vitest/config';
import { CountReporter } from './test/helpers/count-reporter.js';

export default defineConfig({
  test: {
    environment: 'node',
    include: ['test/**/*.test.ts', 'scriptlet-sandbox/**/*.test.ts'],
    globalSetup: ['test/helpers/compile.ts'],
    reporters: ['default', new CountReporter()],
    // Tests run real transactions and real mounts: processes of their own, and no more than the machine can bear.
    pool: 'forks',
    maxWorkers: 2,
    // The same day for Veneer and for plain rpm, also when a run goes past midnight.
    env: { SOURCE_DATE_EPOCH: '1700000000' },
    testTimeout: 120_000,
    hookTimeout: 600_000,
  },
});
