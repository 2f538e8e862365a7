import { join } from 'node:path';
import { startField } from '../core/field.ts';
import { type Machine, thisMachine } from '../core/machine.ts';
import { macsOf, type NetworkSpec } from '../core/network.ts';
import { startProgress } from '../core/progress.ts';
import { type Effort, timeRounds } from '../core/rounds.ts';
import type { Contender, Exercise, Setup, Task } from '../core/runner.ts';
import { median } from '../core/statistics.ts';

export interface Point {
  readonly macs: number;
  /** Per sample. */
  readonly ns: number;
}

/** One contender's cost over growing networks. */
export interface Curve {
  readonly id: string;
  readonly name: string;
  readonly points: readonly Point[];
}

export interface Growth {
  readonly machine: Machine;
  readonly effort: Effort;
  readonly networks: readonly { readonly name: string; readonly macs: number }[];
  readonly curves: Readonly<Record<Task, readonly Curve[]>>;
  /** Why a contender has no point, with the sizes in MACs that it has none for. */
  readonly excused: readonly {
    readonly name: string;
    readonly task: Task;
    readonly reason: string;
    readonly macs: number;
  }[];
}

const EXERCISES: readonly Exercise[] = [
  { task: 'forward', batch: 1 },
  { task: 'step', batch: 1 },
];

/** Times forward and step over a family of networks of one architecture, smallest first. */
export async function measureGrowth(
  specs: readonly NetworkSpec[],
  contenders: readonly Contender[],
  effort: Effort,
  directory: string,
  options: Pick<Setup, 'maxTerms'>,
): Promise<Growth> {
  const progress = startProgress(specs.length * EXERCISES.length);
  const points = new Map<string, Point[]>();
  const excused: Growth['excused'][number][] = [];
  const pointsOf = (task: Task, id: string): Point[] => {
    const key = `${task} ${id}`;
    const known = points.get(key) ?? [];
    points.set(key, known);
    return known;
  };
  try {
    for (const spec of specs) {
      const field = await startField(spec, contenders, join(directory, 'growth'), options);
      try {
        for (const exercise of EXERCISES) {
          progress.label(`${macsOf(spec)} MACs: ${exercise.task}`);
          const { runners, excused: reasons } = await field.ready(exercise);
          for (const [id, reason] of [...field.absent, ...reasons]) {
            const { name } = contenders.find((contender) => contender.id === id)!;
            excused.push({ name, task: exercise.task, reason, macs: macsOf(spec) });
          }
          for (const [{ contender }, rounds] of await timeRounds(runners, exercise, effort, () => {})) {
            pointsOf(exercise.task, contender.id).push({ macs: macsOf(spec), ns: median(rounds) });
          }
          progress.step();
        }
      } finally {
        field.close();
      }
    }
  } finally {
    progress.stop();
  }
  const curvesOf = (task: Task): Curve[] =>
    contenders
      .map(({ id, name }) => ({ id, name, points: pointsOf(task, id) }))
      .filter((curve) => curve.points.length > 0);
  return {
    machine: thisMachine(),
    effort,
    networks: specs.map((spec) => ({ name: spec.name, macs: macsOf(spec) })),
    curves: { forward: curvesOf('forward'), step: curvesOf('step') },
    excused,
  };
}
