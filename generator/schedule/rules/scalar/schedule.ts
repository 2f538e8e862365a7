import { inMemoryOrder } from '../../loops/memoryOrder.ts';
import type { Scheduler } from '../../loops/schedule.ts';
import { firstOf } from '../rule.ts';
import { alongWinners } from './alongWinners.ts';
import { contraction } from './contraction.ts';
import { matrices } from './matrices.ts';
import type { ScalarRule } from './nest.ts';
import { plain } from './plain.ts';
import { unrolledSpace } from './unrolledSpace.ts';
import { windows } from './windows.ts';

/** In the order in which they are asked. */
const rules: readonly ScalarRule[] = [windows, unrolledSpace, contraction, alongWinners, matrices, plain];

/** The layout of scalar code. */
export const scheduleScalar: Scheduler = (written, layouts, note = () => {}) => {
  const members = written.map((one) => ({ ...one, equation: inMemoryOrder(one.equation, layouts) }));
  return firstOf(rules, members, note);
};
