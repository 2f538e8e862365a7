import type { Network } from '../spec/network.ts';
import { maskedLayers } from './interpreter.ts';

/** For each layer with a mask, in order, whether each place is kept. */
export type Kept = readonly (readonly boolean[])[];

/**
 * The masks of one sample after the other, as a model draws them from its start or from `initialize(seed)` on. Each layer
 * has random numbers of its own, which begin at (its seed + 1)·0x9e3779b1 + the seed of the model.
 */
export function startMasks(network: Network, seed = 0): () => Kept {
  const layers = maskedLayers(network).map((layer, position) => ({
    ...layer,
    random: uniform(Number((BigInt((layer.seed ?? position) + 1) * 0x9e3779b1n + BigInt(seed)) % 2n ** 32n)),
  }));
  return () => layers.map(({ count, rate, random }) => Array.from({ length: count }, () => random() >= rate));
}

/** mulberry32, as its author states it: uniform numbers from 0 up to, not including, 1. */
function uniform(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
