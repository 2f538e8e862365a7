import fc from 'fast-check';
import type { NetworkSpec } from '../../generator/index.ts';
import { layerShapes } from '../../generator/reference/interpreter.ts';
import { arbitraryLayer } from '../execution/arbitraryLayer.ts';
import { sizeOf } from '../execution/randomNumbers.ts';
import { normalize, type RawLayer } from '../reference/normalize.ts';

/** Channels that fill vectors of four, that do not, and that leave one, two or three over. */
const channels = fc.constantFrom(1, 2, 3, 4, 5, 6, 7, 8, 11, 13, 16, 19);

/** Large enough for whole blocks of vectors and a rest, small enough to be quick. */
const maxElements = 700;

const side = (max: number) => fc.integer({ min: 1, max });
const input: fc.Arbitrary<number[]> = fc.oneof(
  { weight: 6, arbitrary: fc.tuple(side(9), side(13), channels) },
  { weight: 1, arbitrary: fc.tuple(side(40)) },
);

const choice = fc.record({ step: arbitraryLayer, width: channels });

/**
 * A random network as `arbitrarySpec` makes them, but of fewer and wider layers: there one layer is seldom as wide as a
 * vector, and never as a block of them.
 */
export const arbitraryWide: fc.Arbitrary<NetworkSpec> = fc
  .record({
    input,
    choices: fc.array(choice, { minLength: 1, maxLength: 4 }),
    loss: fc.constantFrom(undefined, 'squaredError', 'categoricalCrossentropy'),
  })
  .map(({ input, choices, loss }) => {
    const layers: RawLayer[] = [];
    for (const { step, width } of choices) {
      const layer = step(valuesOf(input, layers));
      if (layer === undefined) continue;
      layers.push(widened(layer, width));
      if (sizeOf(valuesOf(input, layers).at(-1)!.shape) > maxElements) layers.pop();
    }
    const ends = loss === 'categoricalCrossentropy' ? 'softmax' : 'linear';
    const last: RawLayer = { type: 'activation', activation: ends };
    return { name: 'wide', input, layers: [...layers, last], ...(loss && { loss }) } as unknown as NetworkSpec;
  });

/** The layer with as many filters or units. */
function widened(layer: RawLayer, width: number): RawLayer {
  if ('units' in layer) return { ...layer, units: width };
  return 'filters' in layer && layer.groups === undefined ? { ...layer, filters: width } : layer;
}

function valuesOf(input: readonly number[], layers: readonly RawLayer[]) {
  return Array.from(layerShapes(normalize({ name: 'wide', input, layers })), ([name, shape]) => ({ name, shape }));
}
