import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { forms, growing, selectContenders } from './contenders/list.ts';
import type { NetworkSpec } from './core/network.ts';
import { installPeers } from './core/peers.ts';
import { FULL, QUICK } from './core/rounds.ts';
import { compare } from './measures/compare.ts';
import { measureGrowth } from './measures/growth.ts';
import { measureMap } from './measures/map.ts';
import { measureSizes } from './measures/size.ts';
import { measureStarts } from './measures/start.ts';
import { family } from './networks/family.ts';
import { oracleForms, runOracle } from './oracle/oracle.ts';
import { comparisonText } from './report/comparisonText.ts';
import { growthPlot } from './report/growthPlot.ts';
import { growthText } from './report/growthText.ts';
import { mapPlot } from './report/mapPlot.ts';
import { mapText } from './report/mapText.ts';
import { oracleText } from './report/oracleText.ts';
import { sizesText } from './report/sizesText.ts';
import { startsText } from './report/startsText.ts';
import { json, writeResults } from './report/write.ts';

const NETWORKS = ['N1', 'N2', 'N3', 'N4', 'N5', 'N6'];

interface Options {
  readonly network?: readonly string[];
  readonly runner?: readonly string[];
  readonly quick?: boolean;
}

const list = (text: string): string[] => text.split(',').map((word) => word.trim());

function count(text: string): number {
  if (!/^[1-9]\d*$/.test(text)) throw new InvalidArgumentError('Expected a positive integer.');
  return Number(text);
}

function bench(): Command {
  const program = new Command('bench')
    .description("Measures generated modules against what else there is. Results: this folder's results/.")
    .showHelpAfterError();
  withOptions(program.command('compare', { isDefault: true }))
    .description('forward and training step of every contender, interleaved')
    .action((options: Options) =>
      inTemporaryFolder(async (directory) => {
        const contenders = selectContenders(options.runner);
        const result = await compare(readNetworks(options), contenders, effortOf(options), directory);
        writeResults({ 'compare.json': json(result), 'compare.md': comparisonText(result) });
      }),
    );
  withOptions(program.command('start'))
    .description('time to the first result and to full speed, and memory, in fresh processes')
    .action((options: Options) =>
      inTemporaryFolder(async (directory) => {
        const effort = options.quick ? { processes: 1, runMs: 500 } : { processes: 5, runMs: 5000 };
        const result = await measureStarts(readNetworks(options), selectContenders(options.runner), effort, directory);
        writeResults({ 'start.json': json(result), 'start.md': startsText(result) });
      }),
    );
  program
    .command('size')
    .description('bytes of generated modules and of libraries, minified and gzipped')
    .action(async (options: Options) => {
      const rows = await measureSizes(readNetworks(options), forms);
      writeResults({ 'size.json': json(rows), 'size.md': sizesText(rows) });
    });
  withOptions(program.command('growth'))
    .description('cost of every form over networks of 74 to 5 million MACs, with a plot')
    .option('--max-terms <n>', 'terms up to which longhand writes code out', count)
    .action(({ maxTerms, ...options }: Options & { maxTerms?: number }) =>
      inTemporaryFolder(async (directory) => {
        const contenders = options.runner ? selectContenders(options.runner) : growing;
        const limit = maxTerms === undefined ? {} : { maxTerms };
        const result = await measureGrowth(family(), contenders, effortOf(options), directory, limit);
        writeResults({
          'growth.json': json(result),
          'growth.svg': growthPlot(result),
          'growth.md': growthText(result),
        });
      }),
    );
  program
    .command('map')
    .description('multiply-adds a nanosecond of every equation of every layer, with a picture; wasm')
    .option('--row <text>', "only layers with this in their names, such as 'depthwise'", '')
    .option('--quick', 'short rounds, to see that everything works')
    .action(({ row, ...options }: Options & { row: string }) => {
      const effort = options.quick ? { rounds: 2, roundNs: 1e5 } : { rounds: 15, roundNs: 5e5 };
      const map = measureMap(effort, row, (name) => console.error(name));
      writeResults({ 'map.json': json(map), 'map.svg': mapPlot(map), 'map.md': mapText(map) });
    });
  program
    .command('oracle')
    .description('random networks of every layer kind and option against TensorFlow.js: outputs and gradients')
    .option('--runs <n>', 'how many networks', count, 300)
    .addOption(new Option('--form <form>', 'only this form').choices(oracleForms))
    .option('--seed <n>', 'repeats a run', count, Date.now() % 2 ** 31)
    .action(async ({ runs, seed, form }: { runs: number; seed: number; form?: (typeof oracleForms)[number] }) => {
      const result = await runOracle(runs, seed, form ? [form] : oracleForms);
      writeResults({ 'oracle.json': json(result), 'oracle.md': oracleText(result) });
      if (result.failure || result.unseen.length > 0) process.exitCode = 1;
    });
  return program;
}

function withOptions(command: Command): Command {
  return command
    .option('--network <names>', `of ${NETWORKS.join(', ')}; several with commas`, list)
    .option('--runner <ids>', 'contenders or families, such as longhand,loopC; several with commas', list)
    .option('--quick', 'short rounds, to see that everything works');
}

const effortOf = ({ quick }: Options) => (quick ? QUICK : FULL);

function readNetworks({ network = NETWORKS }: Options): NetworkSpec[] {
  return network.map((name) => {
    if (!NETWORKS.includes(name.toUpperCase())) {
      throw new Error(`--network: found '${name}', expected one of ${NETWORKS.join(', ')}`);
    }
    const path = join(import.meta.dirname, 'networks', `${name.toLowerCase()}.net.json`);
    return JSON.parse(readFileSync(path, 'utf8'));
  });
}

async function inTemporaryFolder(work: (directory: string) => Promise<void>): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'longhand-bench-'));
  try {
    await work(directory);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** What needs no peer. */
const alone = ['map'];

try {
  if (!alone.includes(process.argv[2] ?? '')) installPeers();
  await bench().parseAsync();
} catch (error) {
  console.error(`bench: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
}
