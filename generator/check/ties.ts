import type { Evaluation } from '../reference/interpreter.ts';
import type { Network } from '../spec/network.ts';

/** Values that activations hold on a whole interval: a gradient that arrives there goes no further. */
const flatValues: ReadonlySet<number> = new Set([0, 1, 6]);

/**
 * The pools with `ties: 'all'` that may see equal values. They give the whole gradient to each of the equal places: a
 * convention, and no derivative of anything.
 */
export function tiedLayers(network: Network, { outputs }: Evaluation): readonly string[] {
  const tied = network.layers.filter(({ options, inputs }) => {
    if (!('ties' in options) || options.ties !== 'all') return false;
    const values = outputs.get(inputs[0]!)!.values.filter((value) => !flatValues.has(value));
    return new Set(values).size < values.length;
  });
  return tied.map(({ name }) => name);
}
