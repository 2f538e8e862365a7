import { readdirSync, readFileSync } from 'node:fs';

/**
 * Mutation testing of the generator's core: `npm run mutation`.
 *
 * A test run for every mutant would take days. One run takes the mutants of some lines of each folder, drawn with a
 * seed, against the tests that need seconds:
 *
 *   MUTATION_LINES   lines of each folder (35, which is about 300 mutants and half an hour); all takes every line
 *   MUTATION_SEED    another seed draws other lines (1)
 */
const folders = ['layers', 'equations', 'schedule', 'print'];
const lines = process.env.MUTATION_LINES ?? '35';
const seed = Number(process.env.MUTATION_SEED ?? 1);

// Random networks that are the same in every run, so that a mutant does not live by luck.
process.env.LONGHAND_RUNS ??= '6';
process.env.LONGHAND_SEED ??= '1';

/** @type {import('@stryker-mutator/api/core').PartialStrykerOptions} */
export default {
  testRunner: 'vitest',
  plugins: ['@stryker-mutator/vitest-runner'],
  vitest: { configFile: 'test/mutation/vitest.config.ts', related: false },
  mutate: folders.flatMap((folder) => linesOf(`generator/${folder}`)),
  coverageAnalysis: 'perTest',
  // What is computed once, when a module is loaded, would need a process of its own for each mutant.
  ignoreStatic: true,
  // Words of messages and comments are pinned where they matter.
  mutator: { excludedMutations: ['StringLiteral'] },
  // Else a comment would be written into the goldens.
  disableTypeChecks: false,
  concurrency: 1,
  timeoutMS: 20_000,
  timeoutFactor: 3,
  tempDirName: 'node_modules/.mutation/sandbox',
  reporters: ['progress', 'clear-text', 'json', 'html'],
  clearTextReporter: { logTests: false, reportTests: false },
  jsonReporter: { fileName: 'node_modules/.mutation/report.json' },
  htmlReporter: { fileName: 'node_modules/.mutation/report.html' },
};

/** Files, or ranges of one line drawn evenly over the code of a folder. */
function linesOf(folder) {
  const files = readdirSync(folder, { recursive: true })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => `${folder}/${file}`)
    .sort();
  if (lines === 'all') return files;
  const ranges = files.flatMap((file) =>
    readFileSync(file, 'utf8')
      .split('\n')
      .flatMap((line, i) => (mayMutate(line) ? [`${file}:${i + 1}:0-${i + 1}:${line.length}`] : [])),
  );
  const random = randomNumbers(seed);
  return ranges
    .map((range) => ({ range, rank: random() }))
    .sort((a, b) => a.rank - b.rank)
    .slice(0, Number(lines))
    .map(({ range }) => range);
}

/** Whether a line computes something: it has an operator, a digit or a method of arrays, and is no comment or type. */
function mayMutate(line) {
  const computes = /[-+*/<>=&|!?]|\d|\.(?:some|every|filter|slice|sort|min|max|at)\(/.test(line);
  return computes && !/^\s*(?:\*|\/[/*]|import|export type|type|readonly|\})/.test(line);
}

/** mulberry32, by Tommy Ettinger, public domain. */
function randomNumbers(start) {
  let state = start >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
