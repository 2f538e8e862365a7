import { type ChildProcess, fork } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { randomNumbers } from './randomNumbers.ts';
import type { Verdict } from './worker.ts';

/**
 * Mutants of the generator's core, each against the proofs of small modules: `npm run mutation`.
 *
 * Stryker's mutators change the source, all mutants at once behind switches; a process holds the generator and turns
 * one after the other on. Where a module's text changes it is proved: a proof that fails, a generator that throws or
 * never ends kill the mutant. Results stand in node_modules/.mutation/, a line each: a run that was stopped goes on.
 *
 *   MUTATION_SAMPLE  how many mutants that the modules reach (400)
 *   MUTATION_SEED    another seed draws others (1)
 */
const folders = ['layers', 'equations', 'passes', 'schedule', 'print'].map((folder) => `generator/${folder}`);
const sample = Number(process.env.MUTATION_SAMPLE ?? 400);
const seed = Number(process.env.MUTATION_SEED ?? 1);
const work = 'node_modules/.mutation';
const sandbox = `${work}/sandbox`;
/** Modules that a mutant is tried on: of those that it is in, the first, in the order of the checks. */
const mostModules = 80;
/** A mutant that takes longer never ends. */
const timeout = 120_000;

interface Position {
  readonly line: number;
  readonly column: number;
}

interface Mutant {
  readonly id: string;
  readonly fileName: string;
  readonly mutatorName: string;
  readonly replacement: string;
  readonly location: { readonly start: Position; readonly end: Position };
}

interface Instrumented {
  readonly files: readonly { readonly name: string; readonly content: string }[];
  readonly mutants: readonly Mutant[];
}

type Ranges = true | readonly Mutant['location'][];

/** Stryker's mutators; installed for this alone, and so not among the types. */
async function instrument(files: readonly { readonly name: string; readonly mutate: Ranges }[]): Promise<Instrumented> {
  const name = '@stryker-mutator/instrumenter';
  const { Instrumenter, createInstrumenter: _ } = await import(name);
  const silent = { debug() {}, info() {}, warn() {}, isDebugEnabled: () => false };
  const parsers = `../../node_modules/${name}/dist/src/parsers/index.js`;
  const { createParser } = await import(parsers);
  // What only words a message is no part of the score.
  const options = { excludedMutations: ['StringLiteral'], ignorers: [], plugins: null };
  const named = files.map((file) => ({ ...file, content: readFileSync(file.name, 'utf8') }));
  return new Instrumenter(silent, createParser).instrument(named, options);
}

const keyOf = ({ fileName, mutatorName, replacement, location: { start, end } }: Mutant): string =>
  [fileName, mutatorName, start.line, start.column, end.line, end.column, replacement].join('\t');

const sources = folders.flatMap((folder) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => `${folder}/${file}`)
    .sort(),
);

/** All mutants in a random order. */
async function drawn(): Promise<readonly Mutant[]> {
  const { mutants } = await instrument(sources.map((name) => ({ name, mutate: true })));
  const random = randomNumbers(seed);
  return mutants
    .map((mutant) => ({ mutant, rank: random() }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ mutant }) => mutant);
}

/** The sources with the switches of some mutants, beside all that they need. */
async function build(chosen: readonly Mutant[]): Promise<readonly Mutant[]> {
  const wanted = new Set(chosen.map(keyOf));
  const files = [...new Set(chosen.map(({ fileName }) => fileName))].map((name) => ({
    name,
    mutate: chosen.filter(({ fileName }) => fileName === name).map(({ location }) => location),
  }));
  const { files: changed, mutants } = await instrument(files);
  rmSync(sandbox, { recursive: true, force: true });
  mkdirSync(sandbox, { recursive: true });
  for (const name of [
    'generator',
    'test',
    'templates',
    'examples',
    'bench/networks',
    'package.json',
    'tsconfig.json',
  ]) {
    cpSync(name, `${sandbox}/${name}`, { recursive: true });
  }
  symlinkSync('../..', `${sandbox}/node_modules`);
  for (const { name, content } of changed) writeFileSync(`${sandbox}/${name}`, content);
  return mutants.filter((mutant) => wanted.has(keyOf(mutant)));
}

interface Coverage {
  readonly static: Readonly<Record<string, number>>;
  readonly perTest: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

/** A process that holds the mutants. */
class Worker {
  #child: ChildProcess | undefined;
  coverage: Coverage = { static: {}, perTest: {} };

  async start(): Promise<void> {
    this.#child = fork(`${sandbox}/test/mutation/worker.ts`, { execArgv: ['--import', 'tsx'], cwd: sandbox });
    ({ coverage: this.coverage } = (await this.#next(10 * timeout)) as { coverage: Coverage });
  }

  async judge(mutant: string, checks: readonly string[], hits: number): Promise<Verdict | 'timeout'> {
    if (this.#child === undefined) await this.start();
    this.#child!.send({ mutant, checks, hits });
    const answer = await this.#next(timeout);
    if (answer !== undefined) return (answer as { verdict: Verdict }).verdict;
    this.stop();
    return 'timeout';
  }

  stop(): void {
    this.#child?.kill('SIGKILL');
    this.#child = undefined;
  }

  /** The next message; undefined where it takes too long or the process ends. */
  #next(milliseconds: number): Promise<unknown> {
    const child = this.#child!;
    return new Promise((resolve) => {
      const timer = setTimeout(() => done(undefined), milliseconds);
      const done = (message: unknown): void => {
        clearTimeout(timer);
        child.off('message', done).off('exit', ended);
        resolve(message);
      };
      const ended = (): void => done(undefined);
      child.on('message', done).on('exit', ended);
    });
  }
}

interface Result extends Partial<Verdict> {
  readonly key: string;
  readonly state: 'killed' | 'survived' | 'timeout';
}

function read(file: string): Result[] {
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Result);
}

const all = await drawn();
// Of some the modules reach none: a quarter more is enough.
const chosen = all.slice(0, Math.ceil(1.6 * sample));
const mutants = await build(chosen);
const digest = createHash('sha256').update(sources.map((name) => readFileSync(name, 'utf8')).join());
const file = `${work}/results-${seed}-${digest.digest('hex').slice(0, 8)}.jsonl`;
const known = new Map(read(file).map((result) => [result.key, result]));
const worker = new Worker();
await worker.start();
const { coverage } = worker;
const hitsOf = (id: string): number => Object.values(coverage.perTest).reduce((sum, hits) => sum + (hits[id] ?? 0), 0);
const order = new Map(chosen.map((mutant, n) => [keyOf(mutant), n]));
const reached = mutants
  .filter(({ id }) => hitsOf(id) > 0)
  .sort((a, b) => order.get(keyOf(a))! - order.get(keyOf(b))!)
  .slice(0, sample);
const isStatic = ({ id }: Mutant): boolean => hitsOf(id) === 0 && (coverage.static[id] ?? 0) > 0;
console.log(`${all.length} mutants; of ${mutants.length} drawn ${mutants.filter(isStatic).length} are static`);
console.log(
  `${mutants.filter(({ id }) => hitsOf(id) === 0).length} of these or not reached; ${reached.length} are tried`,
);
for (const mutant of reached) {
  const key = keyOf(mutant);
  if (known.has(key)) continue;
  const names = Object.keys(coverage.perTest).filter((name) => (coverage.perTest[name]![mutant.id] ?? 0) > 0);
  const verdict = await worker.judge(mutant.id, names.slice(0, mostModules), hitsOf(mutant.id));
  const result: Result =
    verdict === 'timeout'
      ? { key, state: 'timeout' }
      : { key, state: verdict.killedBy === undefined ? 'survived' : 'killed', ...verdict };
  appendFileSync(file, `${JSON.stringify(result)}\n`);
  known.set(key, result);
}
worker.stop();

const results = reached.map((mutant) => known.get(keyOf(mutant))!);
for (const folder of ['', ...folders]) {
  const here = results.filter(({ key }) => key.startsWith(folder));
  const killed = here.filter(({ state }) => state !== 'survived').length;
  const changed = here.filter(({ state, changed }) => state !== 'survived' || changed !== undefined).length;
  const share = (count: number): string => `${count} (${((100 * count) / here.length).toFixed(1)} %)`;
  console.log(`${folder || 'all'}: ${here.length}, killed ${share(killed)}, text changed ${share(changed)}`);
}
for (const { key, state, changed } of results) if (state === 'survived') console.log(key, changed ?? '(same text)');
