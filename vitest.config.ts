import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

// Vitest would leave one of two cores idle.
const workers = Math.max(2, availableParallelism() - 1);

// Test files share what they load: the generator alone takes a second.
const shared = { globalSetup: ['test/compile.ts'], setupFiles: ['test/seed.ts'], testTimeout: 180_000, isolate: false };

/** `quick` is what `npm test` runs; a test that takes more than some ten seconds is called `*.slow.test.ts`. */
export default defineConfig({
  test: {
    maxWorkers: workers,
    projects: [
      {
        test: {
          ...shared,
          name: 'quick',
          include: ['test/**/*.test.ts'],
          exclude: ['test/**/*.slow.test.ts', 'test/package/**'],
        },
      },
      { test: { ...shared, name: 'slow', include: ['test/**/*.slow.test.ts'] } },
      {
        test: { ...shared, name: 'package', include: ['test/package/*.test.ts'], testTimeout: 600_000, isolate: true },
      },
    ],
  },
});
