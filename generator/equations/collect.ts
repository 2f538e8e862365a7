import { add, divide, type Expression, multiply, number } from './expression.ts';
import { sameExpression } from './sameExpression.ts';

/** coefficient/divisor · factors */
interface Monomial {
  readonly coefficient: number;
  readonly divisor: number;
  readonly factors: readonly Expression[];
}

/**
 * A sum of products with like terms added up and a common factor taken out, where that leaves fewer terms.
 *
 *   −t/2 + t·a/2 + (1 − t)·a/2   →   (a − t)/2
 */
export function collectTerms(e: Expression): Expression {
  if (e.kind !== 'plus') return e;
  const expanded = expand(e);
  const merged = mergeLike(expanded).filter(({ coefficient }) => coefficient !== 0);
  const [first] = merged;
  if (first === undefined || merged.length >= e.terms.length) return e;
  const size = Math.abs(first.coefficient);
  const isCommon = merged.every(
    ({ coefficient, divisor }) => Math.abs(coefficient) === size && divisor === first.divisor,
  );
  if (!isCommon) return e;
  const inner = add(...merged.map(({ coefficient, factors }) => multiply(number(Math.sign(coefficient)), ...factors)));
  return divide(multiply(number(size), inner), number(first.divisor));
}

function expand(e: Expression): readonly Monomial[] {
  switch (e.kind) {
    case 'number':
      return [{ coefficient: e.value, divisor: 1, factors: [] }];
    case 'plus':
      return e.terms.flatMap(expand);
    case 'times':
      return e.factors.map(expand).reduce((left, right) => left.flatMap((a) => right.map((b) => product(a, b))));
    case 'divide': {
      const { divisor } = e;
      if (divisor.kind !== 'number') break;
      return expand(e.dividend).map((one) => ({ ...one, divisor: one.divisor * divisor.value }));
    }
    case 'read':
    case 'entry':
    case 'call':
    case 'where':
    case 'sum':
    case 'max':
    case 'argmax':
    case 'logSumExp':
    case 'count':
    case 'address':
      break;
  }
  return [{ coefficient: 1, divisor: 1, factors: [e] }];
}

function product(a: Monomial, b: Monomial): Monomial {
  return {
    coefficient: a.coefficient * b.coefficient,
    divisor: a.divisor * b.divisor,
    factors: [...a.factors, ...b.factors],
  };
}

function mergeLike(monomials: readonly Monomial[]): readonly Monomial[] {
  const merged: Monomial[] = [];
  for (const one of monomials) {
    const twin = merged.findIndex((other) => other.divisor === one.divisor && haveSameFactors(other, one));
    const known = merged[twin];
    if (known === undefined) merged.push(one);
    else merged[twin] = { ...known, coefficient: known.coefficient + one.coefficient };
  }
  return merged;
}

function haveSameFactors(a: Monomial, b: Monomial): boolean {
  if (a.factors.length !== b.factors.length) return false;
  const left = [...b.factors];
  return a.factors.every((factor) => {
    const found = left.findIndex((other) => sameExpression(factor, other));
    if (found >= 0) left.splice(found, 1);
    return found >= 0;
  });
}
