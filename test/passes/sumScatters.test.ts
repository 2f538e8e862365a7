import { describe, expect, it } from 'vitest';
import { index, indicesOf, plus, times } from '../../generator/equations/affine.ts';
import { type Equation, equation } from '../../generator/equations/equation.ts';
import { multiply, read } from '../../generator/equations/expression.ts';
import type { Tensor } from '../../generator/equations/tensor.ts';
import { sumScatters } from '../../generator/passes/sumScatters.ts';
import { printEquation } from '../../generator/print/equation.ts';
import { programOf } from './programOf.ts';

const da: Tensor = { name: 'da1', shape: [6, 2], role: 'gradient' };
const dz: Tensor = { name: 'dz2', shape: [2, 3], role: 'gradient' };
const W: Tensor = { name: 'W2', shape: [3, 2, 3], role: 'parameter' };
const [i, o, p, c] = [index('i', 2), index('o', 3), index('p', 3), index('c', 2)];

/** da[2i+p,c] += dz[i,o]·W[p,c,o]: windows of three that move on by two share every third place. */
const scatter: Equation = {
  ...equation(da, [plus(times(2, i), p), c], multiply(read(dz, [i, o]), read(W, [p, c, o])), {
    layer: 'conv1d2',
    pass: 'backward',
  }),
  over: indicesOf([i, o, p, c]),
};

function after(one: Equation): string[] {
  const { backward } = sumScatters.run(programOf([], dz, { backward: [one] }), () => {});
  return backward.map((each) => printEquation(each, '+='));
}

describe('sumScatters: what is added to one place again and again is added up first', () => {
  it('the channels of a scatter', () => {
    expect(printEquation(scatter, '+=')).toBe('da1[2i+p,c] += dz2[i,o]·W2[p,c,o]   for all i,o,p,c');
    expect(after(scatter)).toEqual(['da1[2i+p,c] += Σ_o dz2[i,o]·W2[p,c,o]   for all i,p,c']);
  });

  it('nothing where every product has a place of its own', () => {
    const apart = { ...scatter, value: read(dz, [i, index('o', 1)]), over: indicesOf([i, p, c]) };
    expect(after(apart)).toEqual([printEquation(apart, '+=')]);
  });
});
