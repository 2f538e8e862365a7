import { stages } from '../../generator/pipeline.ts';
import { givensOf, parameterCount, parameterShapes } from '../../generator/reference/interpreter.ts';
import { hasLoss } from '../../generator/spec/losses.ts';
import type { Network } from '../../generator/spec/network.ts';
import { randomNumbers, sizeOf } from './randomNumbers.ts';

/** A network with numbers for everything that it takes. */
export interface Sample {
  readonly network: Network;
  readonly parameters: number[];
  readonly input: number[];
  /** The target, or ∂L/∂output for a network without a loss. */
  readonly given: number[];
}

export function sampleOf(spec: unknown, seed: number): Sample {
  const network = stages.parse(spec);
  const parts = givensOf(network);
  const classes = parts.flatMap((part) => Array.from({ length: part.count }, () => part.classes));
  const given = randomNumbers(classes.length, seed + 2, hasLoss(network) ? 0 : -1);
  return {
    network,
    parameters: randomParameters(network, seed),
    input: randomNumbers(sizeOf(network.input), seed + 1, -2, 2),
    given: given.map((share, n) => {
      const of = classes[n];
      return of === undefined ? share : Math.min(of - 1, Math.floor(of * share));
    }),
  };
}

/** Numbers between −1 and 1; a variance is between ¼ and 2, where its root is smooth. */
export function randomParameters(network: Network, seed: number): number[] {
  const parameters = randomNumbers(parameterCount(network), seed);
  for (const { name, shape, offset } of parameterShapes(network)) {
    if (!name.endsWith('/movingVariance')) continue;
    for (let n = offset; n < offset + sizeOf(shape); n++) parameters[n] = 1.125 + 0.875 * parameters[n]!;
  }
  return parameters;
}
