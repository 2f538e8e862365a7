import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { checkSameNumbers } from './checks.ts';
import { startConvNetJSRunner } from './convnetjs.ts';
import { type CVariant, gccVersion, startCRunner } from './cRunner.ts';
import { type LonghandRunner, startLonghandRunner } from './longhand.ts';
import { loopC, parameterPlaces } from './loopC.ts';
import type { NetworkSpec } from './network.ts';
import { machine, markdown, type Results, type Section, sectionOf } from './report.ts';
import { ROUNDS, timeRounds } from './rounds.ts';
import type { Runner } from './runner.ts';
import { drawSamples, type Samples } from './samples.ts';
import { straightLineC } from './straightLineC.ts';
import { type Tier, tiersOf } from './tiers.ts';

const HERE = import.meta.dirname;
const NETWORKS = ['n1', 'n2'];
/** Straight-line C is a yardstick only for the network that is small enough for it. */
const STRAIGHT_LINE_NETWORK = 'n1';
const STRAIGHT_LINE_NOTE = 'its step updates each weight at once, without a buffer of gradients';
const FILTERS_FIRST_NOTE =
  'kernels [filters][height][width][channels]; in `loop C` the filters are last, as in the spec, which gcc vectorises';

/** Measures every network and leaves `results.json` and `results.md` beside this file. */
async function main(): Promise<void> {
  installPeers();
  const gcc = gccVersion();
  const directory = mkdtempSync(join(tmpdir(), 'longhand-bench-'));
  try {
    const reports = [];
    for (const name of NETWORKS) {
      const folder = join(directory, name);
      mkdirSync(folder);
      reports.push(await measure(join(HERE, 'networks', `${name}.net.json`), folder, gcc !== undefined));
    }
    const missing = gcc ? [] : ['There is no gcc on this machine, so the C rows are left out.'];
    write({
      machine: machine(gcc),
      sections: reports.flatMap(({ sections }) => sections),
      // Only now: the inspector must not touch a process that still has something to time.
      tiers: Object.fromEntries(reports.map(({ name, longhand }) => [name, namesByTier(longhand)])),
      notes: [...missing, ...reports.flatMap(({ notes }) => notes)],
    });
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** Peers are no dependency of the package, so its `npm ci` does not bring them. */
function installPeers(): void {
  if (!existsSync(join(HERE, 'node_modules', 'convnetjs'))) {
    execFileSync('npm', ['ci'], { cwd: HERE, stdio: ['ignore', 2, 2], shell: process.platform === 'win32' });
  }
}

interface NetworkReport {
  readonly name: string;
  readonly sections: readonly Section[];
  readonly longhand: LonghandRunner;
  readonly notes: readonly string[];
}

async function measure(path: string, directory: string, withC: boolean): Promise<NetworkReport> {
  const spec: NetworkSpec = JSON.parse(readFileSync(path, 'utf8'));
  const progress = (message: string) => console.error(`${spec.name} ${message}`);
  const { longhand, runners } = await startRunners(spec, directory, withC);
  try {
    const sections: Section[] = [];
    for (const task of ['forward', 'step'] as const) {
      sections.push(sectionOf(spec.name, task, await timeRounds(runners, task, progress)));
    }
    const notes = runners.flatMap(({ name, note }) => (note ? [`${spec.name}, ${name}: ${note}.`] : []));
    return { name: spec.name, sections, longhand, notes };
  } finally {
    for (const runner of runners) runner.close();
  }
}

/** Starts every runner and checks its numbers: a runner that computes something else must not be timed. */
async function startRunners(
  spec: NetworkSpec,
  directory: string,
  withC: boolean,
): Promise<{ longhand: LonghandRunner; runners: Runner[] }> {
  const samples = drawSamples(spec);
  const longhand = await startLonghandRunner(directory, spec, samples, 'unrolled');
  const inC = withC ? cVariants(spec).map((variant) => startCRunner(directory, variant, samples)) : [];
  for (const runner of inC) {
    await checkSameNumbers(runner, longhand);
  }
  const convnetjs = startConvNetJSRunner(spec, samples);
  await checkSameNumbers(convnetjs, await convnetjsReference(spec, directory, samples, longhand));
  return { longhand, runners: [longhand, ...inC, convnetjs] };
}

function cVariants(spec: NetworkSpec): CVariant[] {
  const loops = { source: loopC(spec, 'filtersLast'), parameterPlaces: parameterPlaces(spec, 'filtersLast') };
  const filtersFirst = { source: loopC(spec, 'filtersFirst'), parameterPlaces: parameterPlaces(spec, 'filtersFirst') };
  const variants: CVariant[] = [
    { name: 'loop C', flags: [], ...loops },
    { name: 'loop C -ffast-math', flags: ['-ffast-math'], ...loops },
    { name: 'loop C, filters first', flags: [], ...filtersFirst, note: FILTERS_FIRST_NOTE },
  ];
  if (spec.name === STRAIGHT_LINE_NETWORK) {
    const source = straightLineC(spec);
    variants.push({ name: 'straight-line C', flags: [], ...loops, source, note: STRAIGHT_LINE_NOTE });
  }
  return variants;
}

/** ConvNetJS replaces atan by tanh; so does the module that its numbers are compared with. */
async function convnetjsReference(
  spec: NetworkSpec,
  directory: string,
  samples: Samples,
  longhand: LonghandRunner,
): Promise<Runner> {
  const text = JSON.stringify({ ...spec, name: `${spec.name}-tanh` });
  return text.includes('"atan"')
    ? startLonghandRunner(directory, JSON.parse(text.replaceAll('"atan"', '"tanh"')), samples, 'unrolled')
    : longhand;
}

function namesByTier({ module }: LonghandRunner): Results['tiers'][string] {
  const names: Partial<Record<Tier, string[]>> = {};
  for (const { name, tier } of tiersOf(module)) {
    names[tier] = [...(names[tier] ?? []), name];
  }
  return names;
}

function write(results: Results): void {
  const text = markdown(results, ROUNDS);
  writeFileSync(join(HERE, 'results.json'), `${JSON.stringify(results, undefined, 2)}\n`);
  writeFileSync(join(HERE, 'results.md'), text);
  console.log(text);
}

if (import.meta.url === pathToFileURL(process.argv[1]!).href) {
  await main();
}
