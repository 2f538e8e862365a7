import { describe, expect, it } from 'vitest';
import { transformsOf } from '../../generator/equations/winograd/transforms.ts';
import { Constants } from '../../generator/prove/constants.ts';
import { areEqual, product, type Residue, residueOf, sum } from '../../generator/prove/field.ts';

const tiles = [
  [2, 3],
  [4, 3],
  [2, 5],
] as const;

const constants = new Constants(1);

/** A number as the fraction that it stands for: of float64, or of the float32 that wasm has. */
const fractions = {
  float64: (value: number): Residue => constants.residue(value),
  float32: (value: number): Residue => (value === 0 ? residueOf(0n) : constants.float32(Math.fround(value)).residue),
};

describe.each(tiles)('F(%i,%i)', (outputs, kernel) => {
  const { A, B, G, products } = transformsOf(outputs, kernel);

  it.each(Object.keys(fractions) as (keyof typeof fractions)[])(
    'is the sum over a window, as fractions of %s: Σ_s A[a,s]·G[s,p]·B[s,i] is 1 where i = a + p and 0 elsewhere',
    (precision) => {
      const fraction = fractions[precision];
      const wrong = [];
      for (let a = 0; a < outputs; a++) {
        for (let p = 0; p < kernel; p++) {
          for (let i = 0; i < products; i++) {
            const terms = A.rows[a]!.map((weight, s) =>
              product(product(fraction(weight), fraction(G.rows[s]![p]!)), fraction(B.rows[s]![i]!)),
            );
            if (!areEqual(terms.reduce(sum), residueOf(i === a + p ? 1n : 0n))) wrong.push([a, p, i]);
          }
        }
      }
      expect(wrong).toEqual([]);
    },
  );

  it('divides nothing but the kernel: A and B are exact in float32', () => {
    expect([...A.rows, ...B.rows].flat().filter((value) => Math.fround(value) !== value)).toEqual([]);
  });
});

it('A number of products for which there are no points is refused', () => {
  expect(() => transformsOf(4, 5)).toThrow('F(4,5) takes 8 products; expected 4 or 6');
});
