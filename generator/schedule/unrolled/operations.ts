import type { Code, Value } from '../../code/code.ts';
import { bodyOf, partsOf, valuesIn } from '../../code/parts.ts';

/** Arithmetic of code: additions (with subtractions), multiplications (with divisions). */
export interface Operations {
  readonly additions: number;
  readonly multiplications: number;
}

const none: Operations = { additions: 0, multiplications: 0 };

/** The operations of code without loops. */
export function operationsIn(code: readonly Code[]): Operations {
  return addUp(code.map((one) => addUp([...valuesIn(one).map(operationsOf), operationsIn(bodyOf(one))])));
}

export function addUp(all: readonly Operations[]): Operations {
  return all.reduce(
    (a, b) => ({
      additions: a.additions + b.additions,
      multiplications: a.multiplications + b.multiplications,
    }),
    none,
  );
}

function operationsOf(value: Value): Operations {
  return addUp([ownOperations(value), ...partsOf(value).map(operationsOf)]);
}

function ownOperations(value: Value): Operations {
  switch (value.kind) {
    case 'plus':
      return { ...none, additions: value.terms.length - 1 };
    case 'times': {
      const factors = value.factors.filter((factor) => factor.kind !== 'number' || factor.value !== -1);
      return { ...none, multiplications: factors.length - 1 };
    }
    case 'divide':
      return { ...none, multiplications: 1 };
    case 'number':
    case 'local':
    case 'argument':
    case 'load':
    case 'splat':
    case 'extract':
    case 'call':
    case 'select':
    case 'max':
    case 'fromInt':
      return none;
  }
}
