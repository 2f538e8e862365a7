import { type Equation, withEquations } from '../equations/equation.ts';
import type { Names } from '../equations/names.ts';
import { type Convolution, convolutionIn, isOfParameters } from '../equations/winograd/convolution.ts';
import { axisOf, transformed } from '../equations/winograd/transformed.ts';
import { transformsOf } from '../equations/winograd/transforms.ts';
import type { Note, Pass } from './pass.ts';

/**
 * How many neighbours the tiles of a convolution have, down and across; the reason where the sum as it stands is better.
 */
export type TileRule = (convolution: Convolution) => readonly [number, number] | string;

/**
 * Convolutions with fewer products: each tile of an image is transformed, multiplied by the transformed kernel, and
 * transformed back. What the matrices hold are small fractions, so that both sides are equal as rational numbers; in floating
 * point they round differently, see docs/limits.md.
 */
export function winograd(tiles: TileRule): Pass<'program'> {
  return {
    name: 'winograd',
    does: 'a convolution in steps of 1 is a sum of fewer products of transformed tiles and a transformed kernel',
    gives: 'program',
    rewrite:
      'z[h] = Σ_{p,c} W[p,c]·x[h+p,c]   →   U[s,c] = Σ_p G[s,p]·W[p,c]; V[s,i,c] = Σ_p B[s,p]·x[4i+p,c]; M[s,i] = Σ_c V[s,i,c]·U[s,c]; z[4i+a] = Σ_s A[a,s]·M[s,i]',
    run(program, note) {
      const names = program.names.copy();
      const equations = [...program.forward, ...program.backward];
      const rewritten = equations.flatMap((one) => rewrite(one, equations, tiles, names, note));
      return withEquations({ ...program, names }, rewritten);
    },
  };
}

function rewrite(
  one: Equation,
  equations: readonly Equation[],
  tiles: TileRule,
  names: Names,
  note: Note,
): readonly Equation[] {
  const found = convolutionIn(one);
  if (typeof found === 'string') return [one];
  if (!isOfParameters(found.kernel, equations)) return [one];
  const chosen = tiles(found);
  if (typeof chosen === 'string') {
    note(`${one.target.name}: ${chosen}`);
    return [one];
  }
  const rows = axisOf(transformsOf(chosen[0], found.rows.tap.size), found.rows);
  const columns = axisOf(transformsOf(chosen[1], found.columns.tap.size), found.columns);
  const { kernel, image, products, back } = transformed(one, found, [rows, columns], names);
  return [...kernel, ...image, products, ...back];
}
