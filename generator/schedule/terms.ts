import { childrenOf, type Scalar, type Statement } from './scalar.ts';

/** Products, and numbers that nothing multiplies. */
export interface Terms {
  readonly products: number;
  readonly others: number;
}

/** Terms of statements: what a network written out costs to read, to compile and to run. */
export function termsIn(statements: readonly Statement[]): number {
  return statements.reduce((total, { value }) => total + countOf(termsOf(value)), 0);
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

function termsOf(s: Scalar): Terms {
  switch (s.kind) {
    case 'number':
      return noTerms;
    case 'element':
    case 'dynamic':
    case 'address':
      return { products: 0, others: 1 };
    case 'times': {
      const inside = addTerms(s.factors.map(termsOf));
      const own = s.factors.filter(({ kind }) => kind !== 'number').length - 1;
      return { products: inside.products + Math.max(own, 0), others: own > 0 ? 0 : inside.others };
    }
    case 'where': {
      const branches = [termsOf(s.yes), termsOf(s.no)];
      return countOf(branches[0] as Terms) >= countOf(branches[1] as Terms)
        ? (branches[0] as Terms)
        : (branches[1] as Terms);
    }
    case 'plus':
    case 'divide':
    case 'call':
    case 'max':
    case 'argmax':
      return addTerms(childrenOf(s).map(termsOf));
  }
}
