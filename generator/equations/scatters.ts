import { indicesOf } from './affine.ts';
import type { Equation } from './equation.ts';
import { sumOver } from './expression.ts';
import { isAlongWinners } from './transpose.ts';

/**
 * What a scatter adds to one place again and again is added up before it is scattered: one load, one addition and one store
 * for each place of a window instead of one for each product, and the sum can stay in registers.
 *
 *   da[2i+p,2j+q,c] += dz[i,j,o]·W[p,q,c,o]   →   da[2i+p,2j+q,c] += Σ_o dz[i,j,o]·W[p,q,c,o]
 */
export function sumScatters(equations: readonly Equation[]): readonly Equation[] {
  return equations.map((one) => {
    const { at, over, value } = one;
    const isProduct = value.kind === 'times' && value.factors.every(({ kind }) => kind === 'read');
    if (!isProduct || isAlongWinners(one)) return one;
    const places = new Set(indicesOf(at));
    const again = over.filter((index) => !places.has(index));
    if (again.length === 0) return one;
    return { ...one, over: over.filter((index) => places.has(index)), value: sumOver(again, value) };
  });
}
