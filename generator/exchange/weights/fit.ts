import { nearest } from '../../spec/nearest.ts';
import { type Problem, SpecError } from '../../spec/problem.ts';
import { quote, showShape } from '../refuse.ts';
import type { Named } from './safetensors.ts';
import { elementCount, type Slot, totalOf, type Weights } from './tensors.ts';

/** Nobody reads more. */
const maxProblems = 20;

/**
 * The flat array of a network's parameters from a file of weights. Names and shapes must be those of the parameters:
 * nothing may be missing, nothing left over.
 *
 * @throws SpecError that lists what does not fit
 */
export function fitWeights(slots: readonly Slot[], weights: Weights): Float64Array {
  if (weights.kind === 'flat') {
    const total = totalOf(slots);
    if (weights.values.length === total) return weights.values;
    throw new SpecError([
      {
        path: '',
        found: `found ${weights.values.length} numbers`,
        expected: `expected the ${total} of ${listSlots(slots)}`,
      },
    ]);
  }
  const problems = misfits(slots, weights.tensors);
  if (problems.length > 0) {
    const shown = problems.slice(0, maxProblems);
    const rest = problems.length - shown.length;
    const more = { path: '', found: `found ${rest} more misfits`, expected: 'expected the weights of this spec' };
    throw new SpecError(rest > 0 ? [...shown, more] : shown);
  }
  const flat = new Float64Array(totalOf(slots));
  for (const { name, offset } of slots) flat.set(weights.tensors.get(name)!.values, offset);
  return flat;
}

type Tensors = Extract<Weights, { kind: 'named' }>['tensors'];

function misfits(slots: readonly Slot[], tensors: Tensors): readonly Problem[] {
  const known = new Set(slots.map(({ name }) => name));
  const strays = [...tensors.keys()].filter((name) => !known.has(name));
  const wrong = slots.flatMap(({ name, shape }): Problem[] => {
    const found = tensors.get(name);
    const expected = `expected shape ${showShape(shape)}`;
    if (found === undefined) {
      const near = nearest(name, strays);
      const hint = near === undefined ? '' : `, but ${quote(near)}`;
      return [{ path: quote(name), found: `found no such tensor${hint}`, expected }];
    }
    if (found.shape.join() === shape.join()) return [];
    return [{ path: quote(name), found: `found shape ${showShape(found.shape)}`, expected }];
  });
  const left = strays.map((name): Problem => {
    const found = `found a tensor of shape ${showShape(tensors.get(name)!.shape)} that the spec has no parameter for`;
    return { path: quote(name), found, expected: `expected ${listSlots(slots)}` };
  });
  return [...wrong, ...left];
}

/** The first names; a message is not a table. */
function listSlots(slots: readonly Slot[]): string {
  const shown = slots.slice(0, 6).map(({ name, shape }) => `${name} ${showShape(shape)}`);
  return slots.length === 0
    ? 'a network without parameters'
    : [...shown, ...(slots.length > 6 ? ['…'] : [])].join(', ');
}

/** The flat array cut into the parameters. */
export function splitWeights(slots: readonly Slot[], flat: Float64Array): readonly Named[] {
  return slots.map(({ name, shape, offset }) => ({
    name,
    shape,
    values: flat.subarray(offset, offset + elementCount(shape)),
  }));
}
