import type { Code } from '../../code/code.ts';
import { index, indicesOf, plus } from '../../equations/affine.ts';
import { type Equation, equation, type Step } from '../../equations/equation.ts';
import { multiply, read, zero } from '../../equations/expression.ts';
import { namesIn } from '../../equations/namesIn.ts';
import type { Tensor } from '../../equations/tensor.ts';
import { groupBy } from '../groupBy.ts';
import { lowerNest } from '../lower/nest.ts';
import { policy } from '../policy.ts';
import { loopPolicy } from './loopPolicy.ts';
import type { Machine } from './machine.ts';
import { plainSchedule, type Schedule } from './schedule.ts';
import { Names } from './scope.ts';

/** One step of the optimiser as loops; afterwards the gradients are 0. */
export function planStep(step: Step, machine: Machine): readonly Code[] {
  const { equations, gradients } = step;
  const { unit, isVector, schedule: scheduler } = machine;
  const [count = 0] = gradients.shape;
  if (count === 0) return [];
  const clearsInLoop = learnsWhole(step) && (isVector || count < policy.parametersInPlainLoop);
  const single = equations.filter(({ over }) => over.length === 0);
  const each = equations.filter(({ over }) => over.length > 0);
  const nests = [...single.map((one) => [one]), ...groupBy(each, ({ over }) => over[0]).values()];
  const last = nests.at(-1);
  const cleared = last?.[0] && clearsInLoop ? [{ ...last[0], target: gradients, value: zero }] : [];
  const names = new Names(namesIn(equations));
  const code = nests.flatMap((nest) => {
    const equationsOf = nest === last ? [...nest, ...cleared] : nest;
    const members = equationsOf.map((equation) => ({ equation, mode: 'assign' as const }));
    const schedule: Schedule = { ...plainSchedule, tile: tileOf(nest, clearsInLoop) };
    const parts = isVector ? scheduler(members, new Map()) : [{ members, schedule }];
    return parts.flatMap((part) => lowerNest(part.members, part.schedule, new Map(), unit, names));
  });
  return clearsInLoop ? code : [...code, { kind: 'clear', array: gradients }];
}

/** gradients ← factor·gradients, of what learns. */
export function planScaling({ gradients, learning }: Step, { unit, schedule }: Machine): readonly Code[] {
  const factor: Tensor = { name: 'factor', shape: [1], role: 'argument' };
  return learning.flatMap(({ start, count }) => {
    const at = [plus(index('n', count), start)];
    const value = multiply(read(factor, [index('n', 1)]), read(gradients, at));
    const scaled = equation(gradients, at, value, { layer: 'step', pass: 'step' });
    const members = [{ equation: scaled, mode: 'assign' as const }];
    return schedule(members, new Map()).flatMap((part) => lowerNest(part.members, part.schedule, new Map(), unit));
  });
}

/** Whether every parameter learns. */
export function learnsWhole({ gradients, learning }: Step): boolean {
  return learning.length === 1 && learning[0]?.count === gradients.shape[0];
}

function tileOf(each: readonly Equation[], clearsInLoop: boolean): Schedule['tile'] {
  const indices = indicesOf(each[0]?.at ?? []);
  return new Map(clearsInLoop || each.length > 1 ? [] : indices.map((one) => [one, loopPolicy.parametersAtOnce]));
}
