import { describe, expect, it } from 'vitest';
import { constant, type Index, plain, plus } from '../../generator/equations/affine.ts';
import { equation } from '../../generator/equations/equation.ts';
import {
  add,
  call,
  divide,
  type Expression,
  mean,
  multiply,
  number,
  read,
  subtract,
  sumOver,
} from '../../generator/equations/expression.ts';
import { gather } from '../../generator/equations/gather.ts';
import { renewBinders, substitute } from '../../generator/equations/substitute.ts';
import type { Tensor } from '../../generator/equations/tensor.ts';
import { verifyProgram } from '../../generator/equations/verify.ts';
import { readsOf } from '../../generator/equations/visit.ts';
import { deriveBackward } from '../../generator/passes/derive.ts';
import { joined } from '../../generator/passes/joinSums.ts';
import { printEquation } from '../../generator/print/equation.ts';
import { interpret } from './interpret.ts';

const owner = { pass: 'forward', layer: 'test' } as const;
const index = (name: string, size = 3): Index => ({ name, size });
const tensor = (name: string, shape: readonly number[], role: Tensor['role'] = 'value'): Tensor => ({
  name,
  shape,
  role,
});
const x = tensor('x', [3, 3], 'input');
const [i, c, o] = [index('i'), index('c'), index('o')];

/** A formula as an equation for y[i,o] prints it. */
const text = (value: Expression): string =>
  printEquation(equation(tensor('y', [3, 3]), [plain(i), plain(o)], value, owner)).replace('y[i,o] = ', '');

describe('a substitution', () => {
  it('reaches the indices that say whose digit a coordinate is, and keeps one digit one index', () => {
    const k = tensor('k', [3], 'winner');
    const digit: Index = { name: 'k', size: 3, winner: { read: read(k, [plain(o)]), sizes: [3], axis: 0 } };
    const e = multiply(read(x, [plain(digit), plain(o)]), read(x, [plain(digit), plain(c)]));
    const changed = readsOf(substitute(e, new Map([[o, plain(i)]])));
    const digits = changed.map(({ at }) => [...(at[0]?.terms.keys() ?? [])][0] as Index);
    expect(digits[0]?.winner?.read.at).toEqual([plain(i)]);
    expect(digits[1]).toBe(digits[0]);
    expect(changed[1]?.at[1]).toEqual(plain(c));
  });

  it('leaves alone what a sum binds', () => {
    const e = sumOver([c], read(x, [plain(i), plain(c)]));
    expect(text(substitute(e, new Map([[c, constant(1)]])))).toBe('Σ_c x[i,c]');
  });

  it('renews an index of a sum that a coordinate put in would otherwise mean', () => {
    const e = sumOver([o], read(x, [plain(i), plain(o)]));
    expect(text(substitute(e, new Map([[i, plain(o)]])))).toBe('Σ_o′ x[o,o′]');
  });

  it('renews nothing where nothing is caught', () => {
    const e = sumOver([c], read(x, [plain(i), plain(c)]));
    const changed = substitute(e, new Map([[i, plus(plain(o), -1)]]));
    expect(text(changed)).toBe('Σ_c x[o−1,c]');
    expect(changed.kind === 'sum' && changed.over[0]).toBe(c);
  });
});

it('a copy inside the sum that it was copied from gets binders of its own, at every depth', () => {
  const inner = sumOver(
    [c],
    multiply(read(x, [plain(i), plain(c)]), call('exp', sumOver([o], read(x, [plain(c), plain(o)])))),
  );
  const renewed = renewBinders(inner, new Set([i, c, o]));
  expect(text(renewed)).toBe('Σ_c x[i,c]·exp(Σ_o′ x[c,o′])');
  expect(renewed.kind === 'sum' && renewed.over[0]).not.toBe(c);
});

it('two sums that are joined keep their indices apart', () => {
  // y[i] = Σ_o x[i,o] and y[o] += Σ_i x[i,o]: the first in the letters of the second.
  const y = tensor('y', [3]);
  const equations = [
    equation(y, [plain(i)], sumOver([o], read(x, [plain(i), plain(o)])), owner),
    equation(y, [plain(o)], sumOver([i], read(x, [plain(i), plain(o)])), owner),
  ];
  const numbers = [1, 2, 3, 4, 5, 6, 7, 8, 9];
  const valuesAfter = (some: typeof equations) => interpret(some, new Map([[x, numbers]])).get(y);
  expect(valuesAfter([...joined(equations)])).toEqual(valuesAfter(equations));
});

/** Formulas in which a function of a sum stands in one equation with what is summed. */
const place = [plain(i), plain(c)];
const own = index('c');
const own2 = index('c');
const meanOf = mean([plain(own)], read(x, [plain(i), plain(own)]));
const spread = (index: Index): Expression =>
  divide(sumOver([index], call('square', subtract(read(x, [plain(i), plain(index)]), meanOf))), number(3));
const formulas: Readonly<Record<string, Expression>> = {
  'the root of a sum of squares': call(
    'sqrt',
    add(sumOver([own], call('square', read(x, [plain(i), plain(own)]))), number(0.5)),
  ),
  'layer normalisation in one equation': divide(
    subtract(read(x, place), meanOf),
    call('sqrt', add(spread(own2), number(1e-3))),
  ),
  'a product of two sums over one index': multiply(
    sumOver([own], read(x, [plain(i), plain(own)])),
    sumOver([own], call('exp', read(x, [plain(i), plain(own)]))),
  ),
  'a share of a sum of exponentials': divide(
    call('exp', read(x, place)),
    sumOver([own], call('exp', read(x, [plain(i), plain(own)]))),
  ),
};

describe.each(Object.entries(formulas))('%s', (_, value) => {
  const y = tensor('y', [3, 3]);
  const forward = [equation(y, place, value, owner)];
  const numbers = [0.3, -0.8, 1.1, 0.2, 0.9, -0.4, -1.3, 0.6, 0.5];
  const upstream = [0.7, -0.2, 0.5, 1.2, -0.9, 0.3, 0.4, -0.6, 0.8];
  const total = (at: readonly number[]): number =>
    interpret(forward, new Map([[x, [...at]]]))
      .get(y)!
      .reduce((sum, one, n) => sum + one * upstream[n]!, 0);

  it('has the derivative that differences show, gathered and scattered', () => {
    const differences = numbers.map((_, n) => {
      const moved = (h: number): number => total(numbers.map((one, m) => (m === n ? one + h : one)));
      return (moved(1e-5) - moved(-1e-5)) / 2e-5;
    });
    const derived = deriveBackward(forward, y, new Set([x]));
    for (const backward of [derived.backward, joined(derived.backward.map(gather))]) {
      const given = new Map([
        [x, numbers],
        [derived.gradientOf.get(y)!, upstream],
      ]);
      const values = interpret([...derived.forward, ...backward], given);
      const found = values.get(derived.gradientOf.get(x)!)!;
      for (const [n, one] of found.entries()) expect(Math.abs(one - differences[n]!)).toBeLessThan(1e-8);
      expect(verifyProgram({ forward: derived.forward, backward })).toEqual([]);
    }
  });
});
