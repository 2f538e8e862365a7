import { givensOf, type Parameter, parameterShapes } from '../reference/interpreter.ts';
import { elementCount } from '../reference/tensor.ts';
import { hasLoss } from '../spec/losses.ts';
import type { Network } from '../spec/network.ts';

/** Numbers for everything that a network takes. */
export interface Sample {
  readonly parameters: Float64Array;
  readonly input: Float64Array;
  /** The target, or ∂L/∂output for a network without a loss. */
  readonly given: Float64Array;
}

/** One random sample, all of whose numbers are exact in float32 as well. */
export function drawSample(network: Network, random: () => number): Sample {
  const between = (low: number, high: number) => Math.fround(low + (high - low) * random());
  const fill = (count: number, low: number, high: number) =>
    Float64Array.from({ length: count }, () => between(low, high));
  const parameters = parameterShapes(network).flatMap((parameter) => {
    const [low, high] = rangeOf(parameter);
    return [...fill(elementCount(parameter.shape), low, high)];
  });
  return {
    parameters: Float64Array.from(parameters),
    input: fill(elementCount(network.input), -2, 2),
    // A cross-entropy takes probabilities; they need not add up to 1.
    given: Float64Array.from(
      givensOf(network).flatMap(({ count, classes }) =>
        classes === undefined
          ? [...fill(count, hasLoss(network) ? 0 : -1, 1)]
          : Array.from({ length: count }, () => Math.floor(classes * random())),
      ),
    ),
  };
}

/**
 * Kernels as He et al. 2015 start them, so that no layer saturates; biases away from 0, where relu has its kink. A
 * statistic may be a variance and is positive.
 */
function rangeOf({ shape, statistic }: Parameter): readonly [number, number] {
  if (statistic) return [0.5, 1.5];
  if (shape.length < 2) return [-1, 1];
  const inputs = elementCount(shape) / shape.at(-1)!;
  const limit = Math.min(1, Math.sqrt(6 / inputs));
  return [-limit, limit];
}
