import { cpus } from 'node:os';
import { median, quantile, type Timings } from './rounds.ts';
import type { Task } from './runner.ts';
import type { Tier } from './tiers.ts';

export interface Row {
  readonly runner: string;
  readonly medianNs: number;
  readonly quartilesNs: readonly [number, number];
  /** Median over the rounds of longhand's time divided by this runner's in the same round. */
  readonly longhandRatio: number;
  readonly target?: number;
  readonly roundsNs: readonly number[];
}

export interface Section {
  readonly network: string;
  readonly task: Task;
  readonly rows: readonly Row[];
}

export interface Results {
  readonly machine: { readonly cpu: string; readonly node: string; readonly gcc: string | null };
  readonly sections: readonly Section[];
  /** How many functions of each network's module V8 had optimised at the end, and the names of the others. */
  readonly tiers: Readonly<Record<string, Readonly<Partial<Record<Tier, readonly string[]>>>>>;
  readonly notes: readonly string[];
}

/** What the project promises: longhand's time, at most so many times another's. */
export const TARGETS = [
  { network: 'n1', task: 'forward', against: 'straight-line C', ratio: 1.7 },
  { network: 'n1', task: 'step', against: 'ConvNetJS', ratio: 0.1 },
  { network: 'n2', task: 'forward', against: 'loop C', ratio: 1.65 },
  { network: 'n2', task: 'step', against: 'loop C', ratio: 1.5 },
] as const;

export function machine(gcc: string | undefined): Results['machine'] {
  return { cpu: cpus()[0]?.model.trim() ?? 'unknown', node: process.version, gcc: gcc ?? null };
}

/** Sums the rounds up; ratios are taken round by round, where both runners met the same load. */
export function sectionOf(network: string, task: Task, timings: Timings): Section {
  const [longhand] = timings.values();
  const rows = [...timings].map(([{ name }, roundsNs]) => {
    const target = TARGETS.find((t) => t.network === network && t.task === task && t.against === name)?.ratio;
    return {
      runner: name,
      medianNs: median(roundsNs),
      quartilesNs: [quantile(roundsNs, 0.25), quantile(roundsNs, 0.75)] as const,
      longhandRatio: median(longhand!.map((ns, round) => ns / roundsNs[round]!)),
      ...(target === undefined ? {} : { target }),
      roundsNs,
    };
  });
  return { network, task, rows };
}

export function markdown({ machine: { cpu, node, gcc }, sections, tiers, notes }: Results, rounds: number): string {
  const functions = Object.entries(tiers).map(([network, byTier]) => `- ${network}: ${tierText(byTier)}`);
  return `# Benchmark

${cpu}; Node ${node}; ${gcc ?? 'no gcc'}. One thread, one sample at a time; medians and quartiles of ${rounds} interleaved rounds.
A step is forward, backward and the update of all parameters. JavaScript computes in float64, C in float32.

| network | task | runner | time per sample | quartiles | longhand's time ÷ this | target |
| --- | --- | --- | ---: | ---: | ---: | --- |
${sections.flatMap((section) => section.rows.map((row) => rowText(section, row))).join('\n')}

Functions of the generated modules after the rounds:

${functions.join('\n')}
${notes.length > 0 ? `\nNotes:\n\n${notes.map((note) => `- ${note}`).join('\n')}\n` : ''}`;
}

function rowText({ network, task }: Section, { runner, medianNs, quartilesNs, longhandRatio, target }: Row): string {
  const verdict = target === undefined ? '' : `≤ ${target}: ${longhandRatio <= target ? 'met' : 'missed'}`;
  const cells = [network, task, runner, time(medianNs), quartilesNs.map(time).join(' – ')];
  return `| ${[...cells, longhandRatio.toPrecision(3), verdict].join(' | ')} |`;
}

function time(ns: number): string {
  return ns < 1000 ? `${ns.toFixed(0)} ns` : `${(ns / 1000).toFixed(2)} µs`;
}

function tierText(byTier: Results['tiers'][string]): string {
  return Object.entries(byTier)
    .map(([tier, names]) => `${names.length} in ${tier}${tier === 'TurboFan' ? '' : ` (${names.join(', ')})`}`)
    .join('; ');
}
