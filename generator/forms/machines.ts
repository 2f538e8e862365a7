import { addedAddresses } from '../passes/addAddresses.ts';
import { filledLanes } from '../passes/fillLanes.ts';
import { foldedConstants } from '../passes/foldConstants.ts';
import { foldedSums } from '../passes/foldSums.ts';
import { inlinedOnce } from '../passes/inlineOnce.ts';
import { walked } from '../passes/walk.ts';
import type { Machine } from '../schedule/loops/machine.ts';
import { scheduleScalar } from '../schedule/rules/scalar/schedule.ts';
import { scheduleVector } from '../schedule/rules/vector/schedule.ts';

/** Numbers one by one. */
export const scalars: Machine = {
  schedule: scheduleScalar,
  unit: 1,
  isVector: false,
  rewrite: (code) => inlinedOnce(foldedSums(code)),
};

/** Four float32 numbers at once. */
export const vectors: Machine = {
  schedule: scheduleVector,
  unit: 4,
  isVector: true,
  rewrite: (code) => addedAddresses(filledLanes(walked(foldedConstants(inlinedOnce(foldedSums(code)))), 4)),
};
