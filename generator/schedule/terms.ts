import type { Value } from '../code/code.ts';
import { partsOf, valuesIn } from '../code/parts.ts';
import type { Definition } from './unrolled/element.ts';

/** Products, and numbers that nothing multiplies. */
export interface Terms {
  readonly products: number;
  readonly others: number;
}

/** Terms of definitions: what a network written out costs to read, to compile and to run. */
export function termsIn(definitions: readonly Definition[]): number {
  return definitions.reduce((total, one) => total + countOf(termsOfOne(one)), 0);
}

function termsOfOne(one: Definition): Terms {
  // An address is one term, however many digits it has.
  if (one.kind === 'integer' && one.value.kind === 'address') return { products: 0, others: 1 };
  return addTerms(valuesIn(one).map(termsOf));
}

/**
 * The terms of one statement, or of statements that are alike: one for each product, as in a sum of products, a bias beside
 * them being none; where nothing is multiplied, one for two numbers that are added, compared or copied.
 */
export function countOf({ products, others }: Terms): number {
  return products > 0 ? products : Math.ceil(others / 2);
}

export function addTerms(all: readonly Terms[]): Terms {
  return all.reduce((a, b) => ({ products: a.products + b.products, others: a.others + b.others }), noTerms);
}

export const noTerms: Terms = { products: 0, others: 0 };

function termsOf(value: Value): Terms {
  switch (value.kind) {
    case 'number':
      return noTerms;
    case 'local':
    case 'argument':
    case 'load':
    case 'fromInt':
      return { products: 0, others: 1 };
    case 'times': {
      const inside = addTerms(value.factors.map(termsOf));
      const own = value.factors.filter(({ kind }) => kind !== 'number').length - 1;
      return { products: inside.products + Math.max(own, 0), others: own > 0 ? 0 : inside.others };
    }
    case 'select': {
      const [yes, no] = [termsOf(value.yes), termsOf(value.no)];
      return countOf(yes) >= countOf(no) ? yes : no;
    }
    case 'plus':
    case 'divide':
    case 'call':
    case 'splat':
    case 'extract':
    case 'max':
      return addTerms(partsOf(value).map(termsOf));
  }
}
