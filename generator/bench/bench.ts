import type { ConcreteForm, RefusedForm } from '../check/forms.ts';
import type { Precision } from '../check/precision.ts';
import type { GenerateOptions } from '../index.ts';
import { forms, stages } from '../pipeline.ts';
import type { Network } from '../spec/network.ts';
import { type Candidate, type FormText, generateEach, loadCandidate } from './candidate.ts';
import {
  type Clock,
  type Effort,
  type Loop,
  systemClock,
  type Task,
  timeInRounds,
  type WarmUp,
  warmUp,
} from './timing.ts';

/** What is timed: a network in every form that there is. */
export interface BenchSubject {
  readonly network: Network;
  /** At least one. */
  readonly texts: readonly FormText[];
  readonly refused: readonly RefusedForm[];
}

/** Time for one sample. */
export interface Timing {
  readonly microseconds: number;
  /** To the fastest form's; 1 for that form. */
  readonly ratio: number;
}

/** How fast one form is. */
export interface FormBench {
  readonly form: ConcreteForm;
  readonly precision: Precision['name'];
  readonly forward: Timing;
  /** Forward, backward and step; null where there is nothing to train. */
  readonly training: Timing | null;
  readonly warmUp: {
    /** Running time until it was within 15 % of its final speed, or of all the warm-up if it did not settle. */
    readonly milliseconds: number;
    /** False where time was up before it had its final speed. */
    readonly settled: boolean;
  };
  /** Of the generated file. */
  readonly bytes: number;
  /** Functions in the generated file. */
  readonly functions: number;
}

/** How fast the forms of one network are on this machine. */
export interface NetworkBench {
  readonly name: string;
  /** The version of Node that ran them. */
  readonly node: string;
  readonly rounds: number;
  readonly forms: readonly FormBench[];
  /** Forms that this network cannot have. */
  readonly refused: readonly RefusedForm[];
}

/** Every form but the choice among them. */
export const timedForms: readonly ConcreteForm[] = forms.filter((form) => form !== 'auto');

/** Generates a network in every form that there is. Throws SpecError as `generate` does. */
export function benchSubjectOf(
  spec: unknown,
  options: Pick<GenerateOptions, 'inference' | 'maxTerms'> = {},
): BenchSubject {
  const network = stages.parse(spec);
  return { network, ...generateEach(spec, timedForms, options) };
}

export interface BenchOptions {
  readonly effort: Effort;
  readonly clock?: Clock;
  /** Called with the share of the work that is done, from 0 to 1. */
  readonly onProgress?: (done: number) => void;
}

/** V8 takes two to four thousand calls before it optimises a function without loops, whose turns would count as well. */
const callsUntilHot = 4000;

/** Times every form of a network: each is warmed up alone, then all are timed in turns. */
export function benchNetwork(
  { network, texts, refused }: BenchSubject,
  { effort, clock = systemClock, onProgress = () => {} }: BenchOptions,
): NetworkBench {
  const warm = texts.map((text, n): Warm => {
    const candidate = loadCandidate(text, network);
    const onTime = (elapsed: number) => onProgress((n + Math.min(1, elapsed / effort.warmUpLimit)) / texts.length / 2);
    const leastTurns = candidate.form === 'unrolled' ? callsUntilHot : 0;
    // A training step runs forward as well.
    return { ...candidate, warmUp: warmUp(candidate.training ?? candidate.forward, leastTurns, effort, clock, onTime) };
  });
  const tasks = warm.flatMap(({ forward, training, warmUp: { readings } }): Task[] => {
    const { each } = readings.at(-1)!;
    return training === undefined ? [{ loop: forward, each }] : [forward, training].map((loop) => ({ loop, each }));
  });
  const { medians, rounds } = timeInRounds(tasks, effort, clock, (done) => onProgress((1 + done) / 2));
  return { name: network.name, node: process.version, rounds, forms: compare(warm, medians), refused };
}

/** A candidate after its warm-up. */
type Warm = Candidate & { readonly warmUp: WarmUp };

function compare(candidates: readonly Warm[], medians: ReadonlyMap<Loop, number>): readonly FormBench[] {
  const timeOf = (loop: Loop | undefined) => (loop && medians.get(loop)) ?? Number.POSITIVE_INFINITY;
  const shortestForward = Math.min(...candidates.map(({ forward }) => timeOf(forward)));
  const shortestTraining = Math.min(...candidates.map(({ training }) => timeOf(training)));
  const timing = (time: number, shortest: number): Timing => ({ microseconds: 1000 * time, ratio: time / shortest });
  return candidates.map(({ form, precision, forward, training, warmUp: { readings, settled }, bytes, functions }) => ({
    form,
    precision,
    forward: timing(timeOf(forward), shortestForward),
    training: training === undefined ? null : timing(timeOf(training), shortestTraining),
    warmUp: {
      milliseconds: settled ? timeToSpeed(readings, timeOf(training ?? forward)) : lengthOf(readings),
      settled,
    },
    bytes,
    functions,
  }));
}

/** How near its final time a form must be to count as warm. */
const nearlyFinal = 1.15;

function timeToSpeed(readings: WarmUp['readings'], final: number): number {
  return readings.find(({ each }) => each <= final * nearlyFinal)?.end ?? lengthOf(readings);
}

function lengthOf(readings: WarmUp['readings']): number {
  return readings.at(-1)!.end;
}
