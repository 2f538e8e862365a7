import { hasLoss } from '../../spec/losses.ts';
import { areEqual, keyOf, type Residue, sum } from '../field.ts';
import type { Session, Variables } from '../session.ts';
import { type Scalar, Value } from '../value.ts';
import { inOrder, wordsOf } from './endless.ts';
import { placeIn, quoted } from './exactMemory.ts';
import type { MappedArray } from './memoryMap.ts';

/**
 * The first array, in the order of the equations, that holds something wrong after a training step, with its equation.
 *
 * What an array of the backward pass should hold its name says: dz1 the derivatives in what z1 holds. Of an array of the
 * forward pass the values must be among those that the reference computes; what it computes on the way has none there.
 */
export function blame(
  session: Session,
  variables: Variables,
  loss: Scalar | undefined,
  isForwardWrong: boolean,
): string | undefined {
  const place = isForwardWrong ? wrongForward(session, variables) : wrongBackward(session, variables, loss);
  if (place === undefined) return isForwardWrong ? lastEquations(session) : undefined;
  const { array, word, what } = place;
  const { cells } = session.memory!;
  const writer = cells.writers[word]!;
  const by = writer === 0 ? '' : ` (written last by ${cells.placeOf(writer - 1)})`;
  const equations = array.equations.length === 0 ? '' : `, by ${quoted(array.equations)}`;
  return `${placeIn(array, word - array.start)} is ${what}${equations}${by}`;
}

/** Where nothing was found in memory it went wrong in what was kept in locals, at the end of what the output or loss is. */
function lastEquations({ memory, network, model }: Session): string | undefined {
  const { map, cells } = memory!;
  const loss = map.arrays.find(({ shape, equations }) => shape.length === 0 && equations.length > 0);
  const array = hasLoss(network) && loss !== undefined ? [loss] : [];
  const writers = [...array.map(({ start }) => cells.writers[start]!), model.output.writerOf(0)];
  const equations = writers.flatMap((writer) => (writer === 0 ? [] : cells.equationsAt(writer - 1)));
  return equations.length === 0 ? undefined : `it is computed by ${quoted([...new Set(equations)])}`;
}

interface Blamed {
  readonly array: MappedArray;
  readonly word: number;
  readonly what: string;
}

function wrongForward(session: Session, variables: Variables): Blamed | undefined {
  const { map, cells } = session.memory!;
  const { evaluation } = session.runReference(variables);
  const known = new Set<string>();
  for (const tensors of [evaluation.preActivations, evaluation.outputs]) {
    for (const { values } of tensors.values()) for (const value of values) known.add(keyOf(session.ring.lift(value)));
  }
  const candidates = inOrder(map).filter(
    ({ name, isKept, equations, shape }) =>
      /^[zyaus]\d/.test(name) && !isKept && equations.length > 0 && shape.length > 0,
  );
  for (const array of candidates) {
    for (const word of wordsOf(array)) {
      const value = cells.values[word]!;
      if (value instanceof Value && !known.has(keyOf(value))) {
        return { array, word, what: 'not among what the reference computes' };
      }
    }
  }
  return undefined;
}

function wrongBackward(session: Session, variables: Variables, loss: Scalar | undefined): Blamed | undefined {
  const { ring, frozen } = session;
  const { map, cells } = session.memory!;
  // Only a record tells of every array what its derivatives are.
  if (session.tape === undefined) return undefined;
  const adjoints = session.tape.adjointsOf(loss instanceof Value ? loss.node : 0);
  const gradientsAt = map.arrays.find(({ name }) => name === 'gradients')?.start ?? 0;
  for (const array of inOrder(map)) {
    const original = map.arrays.find(
      ({ name, shape }) => `d${name}` === array.name && shape.join() === array.shape.join(),
    );
    if (original === undefined || array.equations.length === 0) continue;
    const words = wordsOf(original);
    for (const [n, word] of wordsOf(array).entries()) {
      const value = cells.values[words[n]!]!;
      if (!(value instanceof Value) || !adjoints.knows(value.node)) continue;
      const slot = word - gradientsAt;
      if (array.isKept && frozen.has(slot)) continue;
      const derivative: Residue = adjoints.of(value.node);
      const expected = array.isKept ? sum(derivative, variables.gradients[slot]!) : derivative;
      if (areEqual(ring.lift(cells.values[word]!), expected)) continue;
      return { array, word, what: `not ∂L/∂${placeIn(original, words[n]! - original.start)}` };
    }
  }
  return undefined;
}
