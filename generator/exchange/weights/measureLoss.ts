import { randomNumbers } from '../../check/random.ts';
import { forward } from '../../reference/interpreter.ts';
import type { ShapedNetwork } from '../../spec/network.ts';
import { elementCount } from './tensors.ts';

/** What a network loses when its weights are rounded. */
export interface Loss {
  readonly samples: number;
  /** The largest difference of an output, relative to the largest output. */
  readonly largest: number;
  /** In how many samples the largest output stays the same. */
  readonly sameWinner: number;
}

const maxSamples = 32;
/** Numbers that the reference works through in about a second. */
const affordable = 5e6;

/** Runs the reference on random inputs with both sets of weights. */
export function measureLoss(network: ShapedNetwork, before: ArrayLike<number>, after: ArrayLike<number>): Loss {
  const work = before.length + network.shapes.reduce((total, shape) => total + 30 * elementCount(shape), 1);
  const samples = Math.max(1, Math.min(maxSamples, Math.floor(affordable / work)));
  const random = randomNumbers(1);
  let [error, scale, sameWinner] = [0, 0, 0];
  for (let n = 0; n < samples; n++) {
    const input = Float64Array.from({ length: elementCount(network.input) }, () => 2 * random() - 1);
    const [exact, rounded] = [forward(network, before, input), forward(network, after, input)];
    for (let k = 0; k < exact.length; k++) {
      error = Math.max(error, Math.abs(exact[k]! - rounded[k]!));
      scale = Math.max(scale, Math.abs(exact[k]!));
    }
    if (winnerOf(exact) === winnerOf(rounded)) sameWinner++;
  }
  return { samples, largest: error === 0 ? 0 : error / scale, sameWinner };
}

function winnerOf(values: Float64Array): number {
  return values.indexOf(values.reduce((largest, value) => Math.max(largest, value), Number.NEGATIVE_INFINITY));
}
