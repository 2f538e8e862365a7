import { defineConfig } from 'vitest/config';

/** The tests that a mutant has to survive: those that need seconds for the whole of the core. */
const quick = ['oracles', 'graphs', 'kinks', 'transposed', 'averages', 'random', 'generated'];

export default defineConfig({
  test: {
    include: [
      'test/equations/*.test.ts',
      'test/golden/*.test.ts',
      'test/spec/shapes.test.ts',
      `test/execution/{${quick.join()}}.test.ts`,
    ],
    // The text of generated/ is compared; that it type-checks takes a compiler.
    testNamePattern: /^(?!.*type-checks)/,
    testTimeout: 60_000,
  },
});
