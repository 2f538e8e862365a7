import { plainIndex } from '../../../equations/affine.ts';
import { productOf } from '../../loops/factors.ts';
import type { WindowRule } from '../../loops/fusion/windowRule.ts';
import { lanes, vectorPolicy } from '../../loops/vectorPolicy.ts';
import { vectorsOf } from './nest.ts';

/** Three neighbours in memory make half a vector and a number: N2's step in a batch takes 0.92 instead of 1.02 µs. */
export const turnsKernel = (shape: readonly number[]): boolean => (shape.at(-3) ?? 1) * (shape.at(-2) ?? 1) > lanes / 2;

/** Whether there are accumulators enough for all places of a window. */
export const fusesWindow: WindowRule = ({ at }, window) => {
  const channel = at.map(plainIndex).at(-1);
  if (channel === undefined || channel.size < lanes) return false;
  return productOf(window) * vectorsOf(channel) <= vectorPolicy.accumulators;
};
