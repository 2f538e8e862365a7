import { parameterShapes } from '../reference/interpreter.ts';
import { elementCount } from '../reference/tensor.ts';
import type { Network, Shape } from '../spec/network.ts';
import { shuffled } from './random.ts';

/** A tensor whose gradient is checked: a parameter, or the network's input. */
export interface Variable {
  readonly name: string;
  readonly shape: Shape;
  readonly of: 'parameters' | 'input';
  /** Where it begins in the flat array. */
  readonly offset: number;
  readonly count: number;
  /** Its gradient is zero by definition. */
  readonly frozen: boolean;
}

/** Every parameter tensor in order, then the input. */
export function variablesOf(network: Network): readonly Variable[] {
  const parameters = parameterShapes(network).map(
    ({ name, shape, offset, frozen = false }): Variable => ({
      name,
      shape,
      of: 'parameters',
      offset,
      count: elementCount(shape),
      frozen,
    }),
  );
  const { input: shape } = network;
  return [...parameters, { name: 'input', shape, of: 'input', offset: 0, count: elementCount(shape), frozen: false }];
}

/**
 * Which slots of each variable are differenced in each sample: `perSample` in all, the same number of each variable, or
 * all of a small one. A later sample takes other slots than an earlier one, until all had their turn.
 */
export function chooseSlots(
  variables: readonly Variable[],
  samples: number,
  perSample: number,
  random: () => number,
): readonly ReadonlyMap<Variable, readonly number[]>[] {
  const shares = shareOut(variables, perSample);
  const orders = new Map([...shares.keys()].map((variable) => [variable, shuffled(variable.count, random)]));
  return Array.from({ length: samples }, (_, sample) => {
    const chosen = [...shares].map(([variable, share]): [Variable, readonly number[]] => {
      const order = orders.get(variable)!;
      return [variable, Array.from({ length: share }, (_, n) => order[(sample * share + n) % order.length]!)];
    });
    return new Map(chosen);
  });
}

/** `total` slots, in equal shares; what a small variable does not need goes to the larger ones. */
function shareOut(variables: readonly Variable[], total: number): ReadonlyMap<Variable, number> {
  const bySize = variables.filter(({ frozen }) => !frozen).sort((a, b) => a.count - b.count);
  const shares = new Map<Variable, number>();
  let left = total;
  for (const [n, variable] of bySize.entries()) {
    const share = Math.min(variable.count, Math.ceil(left / (bySize.length - n)));
    shares.set(variable, share);
    left -= share;
  }
  return shares;
}
