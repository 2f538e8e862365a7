import { indicesOf } from '../equations/affine.ts';
import { type Equation, withEquations } from '../equations/equation.ts';
import { sumOver } from '../equations/expression.ts';
import { isAlongWinners } from '../equations/winners.ts';
import type { Pass } from './pass.ts';

/**
 * What a scatter adds to one place again and again is added up before it is scattered: one load, one addition and one store
 * for each place of a window instead of one for each product, and the sum can stay in registers.
 */
export const sumScatters: Pass<'program'> = {
  name: 'sumScatters',
  does: 'what a scatter adds to one place again and again is added up first',
  gives: 'program',
  rewrite: 'da[2i+p,c] += dz[i,o]·W[p,c,o]   →   da[2i+p,c] += Σ_o dz[i,o]·W[p,c,o]',
  run: (program) => withEquations(program, [...program.forward, ...program.backward].map(summed)),
};

function summed(one: Equation): Equation {
  const { at, over, value } = one;
  const isProduct = value.kind === 'times' && value.factors.every(({ kind }) => kind === 'read');
  if (!isProduct || isAlongWinners(one)) return one;
  const places = new Set(indicesOf(at));
  const again = over.filter((index) => !places.has(index));
  if (again.length === 0) return one;
  return { ...one, over: over.filter((index) => places.has(index)), value: sumOver(again, value) };
}
