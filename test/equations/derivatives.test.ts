import { describe, expect, test } from 'vitest';
import { type Condition, type Expression, number } from '../../generator/equations/expression.ts';
import type { FunctionName } from '../../generator/equations/functionName.ts';
import { derivatives } from '../../generator/equations/functions.ts';
import { erf, erfc } from '../../generator/reference/erf.ts';

/** The functions by their definitions; only their derivatives are tested. */
const functions: Readonly<Record<FunctionName, (u: number) => number>> = {
  square: (u) => u * u,
  exp: Math.exp,
  log: Math.log,
  log1p: Math.log1p,
  abs: Math.abs,
  sqrt: Math.sqrt,
  relu: (u) => Math.max(u, 0),
  relu6: (u) => Math.min(Math.max(u, 0), 6),
  elu: (u) => (u > 0 ? u : Math.expm1(u)),
  selu: (u) => 1.0507009873554805 * (u > 0 ? u : 1.6732632423543772 * Math.expm1(u)),
  sigmoid: (u) => 1 / (1 + Math.exp(-u)),
  tanh: Math.tanh,
  atan: Math.atan,
  softplus: (u) => Math.log1p(Math.exp(u)),
  softsign: (u) => u / (1 + Math.abs(u)),
  hardSigmoid: (u) => Math.min(Math.max((u + 3) / 6, 0), 1),
  erf,
  normalCdf: (u) => erfc(-u / Math.SQRT2) / 2,
};

/** The value of an expression without indices. */
function evaluate(e: Expression): number {
  switch (e.kind) {
    case 'number':
      return e.value;
    case 'plus':
      return e.terms.reduce((sum, term) => sum + evaluate(term), 0);
    case 'times':
      return e.factors.reduce((product, factor) => product * evaluate(factor), 1);
    case 'divide':
      return evaluate(e.dividend) / evaluate(e.divisor);
    case 'call':
      return functions[e.name](evaluate(e.argument));
    case 'where':
      return evaluate(holds(e.condition) ? e.yes : e.no);
    default:
      throw new Error(`no ${e.kind} belongs into a derivative of one variable`);
  }
}

function holds(condition: Condition): boolean {
  if (condition.kind !== 'compare') throw new Error(`no ${condition.kind} belongs into a derivative`);
  const [left, right] = [evaluate(condition.left), evaluate(condition.right)];
  switch (condition.sign) {
    case '=':
      return left === right;
    case '≠':
      return left !== right;
    case '<':
      return left < right;
    case '>':
      return left > right;
  }
}

const derivative = (name: FunctionName, at: number): number => evaluate(derivatives[name](number(at)));

/** (f(u + h) − f(u − h))/2h, in which the error of order h² is taken out (Richardson). */
function difference(f: (u: number) => number, u: number): number {
  const central = (h: number): number => (f(u + h) - f(u - h)) / (2 * h);
  return (4 * central(5e-4) - central(1e-3)) / 3;
}

const positive: readonly FunctionName[] = ['log', 'log1p', 'sqrt'];
const cases = (Object.keys(functions) as FunctionName[]).flatMap((name) =>
  [-7.1, -3.2, -1.3, -0.4, 0.3, 0.9, 2.6, 3.4, 5.8, 7.3]
    .filter((u) => u > 0 || !positive.includes(name))
    .map((u) => [name, u] as const),
);

describe('a derivative', () => {
  test.each(cases)('of %s at %d is what differences of the function show', (name, u) => {
    const expected = difference(functions[name], u);
    expect(Math.abs(derivative(name, u) - expected)).toBeLessThan(1e-9 * Math.max(1, Math.abs(expected)));
  });

  test.each([
    ['relu', 0, 0],
    ['relu6', 0, 0],
    ['relu6', 6, 0],
    ['abs', 0, 0],
    ['elu', 0, 1],
    ['hardSigmoid', -3, 0],
    ['hardSigmoid', 3, 0],
  ] as const)('of %s at its kink %d is %d', (name, u, expected) => {
    expect(derivative(name, u)).toBe(expected);
  });
});
