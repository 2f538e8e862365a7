import type { Equation } from '../equations/equation.ts';
import { plainText } from './markup.ts';
import { Notation, type Sign } from './notation.ts';

const notation = new Notation(plainText);

/**
 * The equation in one line: `z1[i,j,o] = b1[o] + Σ_{p,q,c} W1[p,q,c,o]·x[i+p−1,j+q−1,c]`. Behind `+=` stand the indices
 * over which it adds up; `where p,q < 2` says how far an index counts that no array does.
 */
export function printEquation(equation: Equation, sign: Sign = '='): string {
  return notation.equation(equation, sign);
}
