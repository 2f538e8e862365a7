import type { Machine } from '../schedule/loops/machine.ts';
import { scheduleScalar } from '../schedule/rules/scalar/schedule.ts';
import { scheduleVector } from '../schedule/rules/vector/schedule.ts';

/** Numbers one by one. */
export const scalars: Machine = { schedule: scheduleScalar, unit: 1, isVector: false };

/** Four float32 numbers at once. */
export const vectors: Machine = { schedule: scheduleVector, unit: 4, isVector: true };
