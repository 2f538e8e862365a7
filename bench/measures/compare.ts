import { join } from 'node:path';
import { groupBy } from '../../generator/schedule/groupBy.ts';
import { forms } from '../contenders/list.ts';
import { type Field, type Started, startField } from '../core/field.ts';
import { generalMacs, neededMacs } from '../core/general.ts';
import { type Machine, thisMachine } from '../core/machine.ts';
import { isPlain, macsOf, type NetworkSpec } from '../core/network.ts';
import { type Progress, startProgress } from '../core/progress.ts';
import { type Effort, type Timings, timeRounds } from '../core/rounds.ts';
import type { Contender, Exercise } from '../core/runner.ts';
import { median, quantile } from '../core/statistics.ts';
import { measurePeaks } from './peak.ts';

/** Every network is measured in these, in this order. */
export const EXERCISES: readonly Exercise[] = [
  { task: 'forward', batch: 1 },
  { task: 'forward', batch: 32 },
  { task: 'step', batch: 1 },
  { task: 'step', batch: 32 },
];

/** The yardstick beside longhand's best form. */
const LOOP_C = 'loopC';

export interface Row {
  readonly id: string;
  readonly medianNs: number;
  readonly quartilesNs: readonly [number, number];
  /** Median over the rounds of this one's time divided by that of longhand's best form in the same round. */
  readonly toLonghand?: number;
  /** The same with loop C. */
  readonly toLoopC?: number;
  readonly roundsNs: readonly number[];
}

export interface Section extends Exercise {
  readonly network: string;
  readonly rows: readonly Row[];
  /** Longhand's fastest form against the fastest of all others: the median over the rounds of the ratio of their times. */
  readonly toBestPeer?: { readonly peer: string; readonly ratio: number };
  /** Multiply-adds that must be done for one sample. */
  readonly neededMacs: number;
  /** Why the others have no row, by id. */
  readonly excused: Readonly<Record<string, string>>;
}

export interface Comparison {
  readonly machine: Machine;
  readonly effort: Effort;
  /** Multiply-adds a nanosecond in registers alone, 128 bits; relaxed where this engine has them. */
  readonly peak: { readonly plain: number; readonly relaxed?: number };
  readonly networks: readonly { readonly name: string; readonly macs: number }[];
  readonly contenders: readonly {
    readonly id: string;
    readonly name: string;
    readonly version?: string;
    readonly note?: string;
  }[];
  readonly sections: readonly Section[];
  /** By network and form: how many functions each of V8's tiers runs at the end, and those not in the best. */
  readonly tiers: Readonly<Record<string, string>>;
}

/** Measures every exercise of every network on all contenders that can do it. */
export async function compare(
  specs: readonly NetworkSpec[],
  contenders: readonly Contender[],
  effort: Effort,
  directory: string,
): Promise<Comparison> {
  const progress = startProgress(specs.length * EXERCISES.length * contenders.length * (effort.rounds + 1));
  const sections: Section[] = [];
  const versions = new Map<string, string>();
  const tiers: Record<string, string> = {};
  try {
    for (const spec of specs) {
      progress.label(`${spec.name}: starting`);
      const field = await startField(spec, contenders, join(directory, 'compare'));
      try {
        for (const { contender, version } of field.runners) versions.set(contender.id, version);
        for (const exercise of EXERCISES) sections.push(await measureExercise(field, exercise, effort, progress));
        // Only now: the inspector must not touch a process that still has something to time.
        for (const runner of field.runners.filter(isForm)) {
          tiers[`${spec.name}, ${runner.contender.name}`] = await tierText(runner);
        }
      } finally {
        field.close();
      }
    }
  } finally {
    progress.stop();
  }
  return {
    machine: thisMachine(),
    effort,
    peak: measurePeaks(),
    networks: specs.map((spec) => ({ name: spec.name, macs: isPlain(spec) ? macsOf(spec) : generalMacs(spec) })),
    contenders: contenders.map(({ id, name, note }) => ({
      id,
      name,
      ...(versions.has(id) ? { version: versions.get(id)! } : {}),
      ...(note ? { note } : {}),
    })),
    sections,
    tiers,
  };
}

async function measureExercise(field: Field, exercise: Exercise, effort: Effort, progress: Progress): Promise<Section> {
  progress.label(`${field.spec.name}: ${exercise.task}, batch ${exercise.batch}`);
  const { runners, excused } = await field.ready(exercise);
  for (let k = 0; k < (field.absent.size + excused.size) * (effort.rounds + 1); k++) progress.step();
  const timings = await timeRounds(runners, exercise, effort, progress.step);
  return {
    network: field.spec.name,
    ...exercise,
    rows: rowsOf(timings),
    ...toBestPeer(timings),
    neededMacs: neededMacs(field.spec)[exercise.task],
    excused: Object.fromEntries([...field.absent, ...excused]),
  };
}

const isForm = ({ contender }: Started): boolean => forms.some(({ id }) => id === contender.id);

/** Sums the rounds up; ratios are taken round by round, where both runners met the same load. */
function rowsOf(timings: Timings<Started>): Row[] {
  const all = [...timings];
  const best = all
    .filter(([runner]) => isForm(runner))
    .toSorted(([, a], [, b]) => median(a) - median(b))
    .at(0)?.[1];
  const loopC = all.find(([{ contender }]) => contender.id === LOOP_C)?.[1];
  const ratio = (roundsNs: readonly number[], to: readonly number[]) =>
    median(roundsNs.map((ns, round) => ns / to[round]!));
  return all.map(([{ contender }, roundsNs]) => ({
    id: contender.id,
    medianNs: median(roundsNs),
    quartilesNs: [quantile(roundsNs, 0.25), quantile(roundsNs, 0.75)],
    ...(best ? { toLonghand: ratio(roundsNs, best) } : {}),
    ...(loopC ? { toLoopC: ratio(roundsNs, loopC) } : {}),
    roundsNs,
  }));
}

function toBestPeer(timings: Timings<Started>): Pick<Section, 'toBestPeer'> {
  const fastest = (isOurs: boolean) =>
    [...timings]
      .filter(([runner]) => isForm(runner) === isOurs)
      .toSorted(([, a], [, b]) => median(a) - median(b))
      .at(0);
  const [ours, theirs] = [fastest(true), fastest(false)];
  if (ours === undefined || theirs === undefined) return {};
  const ratio = median(ours[1].map((ns, round) => ns / theirs[1][round]!));
  return { toBestPeer: { peer: theirs[0].contender.name, ratio } };
}

async function tierText(runner: Started): Promise<string> {
  const byTier = groupBy(await runner.tiers(), ({ tier }) => tier);
  return [...byTier]
    .map(
      ([tier, all]) =>
        `${all.length} in ${tier}${tier === 'TurboFan' ? '' : ` (${all.map(({ name }) => name).join(', ')})`}`,
    )
    .join('; ');
}
