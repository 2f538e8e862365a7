import { indicesOf } from '../../equations/affine.ts';
import type { Equation } from '../../equations/equation.ts';
import { zero } from '../../equations/expression.ts';
import type { Step } from '../../layers/optimizers.ts';
import { policy } from '../policy.ts';
import type { Code } from './kernel.ts';
import { loopPolicy } from './loopPolicy.ts';
import { lowerNest } from './lower.ts';
import { plainSchedule, type Schedule } from './schedule.ts';
import { Names } from './scope.ts';

/** One step of the optimiser as loops; afterwards the gradients are 0. */
export function planStep({ equations, gradients }: Step, unit: number): Code[] {
  const count = gradients.shape[0] as number;
  const isSmall = count < policy.parametersInPlainLoop;
  const single = equations.filter(({ over }) => over.length === 0);
  const each = equations.filter(({ over }) => over.length > 0);
  const nests = [...single.map((one) => [one]), ...(each.length > 0 ? [each] : [])];
  const last = nests.at(-1);
  const cleared = last?.[0] && isSmall ? [{ ...last[0], target: gradients, value: zero }] : [];
  const schedule: Schedule = { ...plainSchedule, tile: tileOf(each, isSmall) };
  const names = new Names();
  const code = nests.flatMap((nest) => {
    const equationsOf = nest === last ? [...nest, ...cleared] : nest;
    return lowerNest(
      equationsOf.map((equation) => ({ equation, mode: 'assign' as const })),
      schedule,
      new Map(),
      unit,
      names,
    );
  });
  return isSmall ? code : [...code, { kind: 'clear', array: gradients }];
}

function tileOf(each: readonly Equation[], isSmall: boolean): Schedule['tile'] {
  const indices = indicesOf(each[0]?.at ?? []);
  return new Map(isSmall || each.length > 1 ? [] : indices.map((one) => [one, loopPolicy.parametersAtOnce]));
}
