import { stages } from '../../generator/pipeline.ts';
import { givenOf, parameterCount, parameterShapes } from '../../generator/reference/interpreter.ts';
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
  const { count, classes } = givenOf(network);
  const given = randomNumbers(count, seed + 2, network.loss === undefined ? -1 : 0);
  return {
    network,
    parameters: randomParameters(network, seed),
    input: randomNumbers(sizeOf(network.input), seed + 1, -2, 2),
    given: classes === undefined ? given : given.map((share) => Math.min(classes - 1, Math.floor(classes * share))),
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
