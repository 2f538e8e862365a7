import { maxElements } from '../layers/options.ts';
import type { Network } from '../spec/network.ts';
import type { Problem } from '../spec/problem.ts';
import type { Program } from './equation.ts';
import { sizeOf } from './tensor.ts';

/** The parameters of a network, and so their gradients, that have more numbers than any tensor may have. */
export function oversized({ layers }: Network, { parameters }: Pick<Program, 'parameters'>): readonly Problem[] {
  return parameters.flatMap(({ tensor, name }) => {
    const size = sizeOf(tensor);
    if (size <= maxElements) return [];
    const [layer, kind] = name.split('/');
    const position = layers.findIndex((one) => one.name === layer);
    const found = `found a ${kind} of ${tensor.shape.join('×')} = ${size} numbers`;
    return [{ path: `layers[${position}]`, found, expected: `expected at most ${maxElements} (2^24)` }];
  });
}
