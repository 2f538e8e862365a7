import fc from 'fast-check';
import { expect, it } from 'vitest';
import { transformsOf } from '../../generator/equations/winograd/transforms.ts';
import { type Linear, shareTerms } from '../../generator/schedule/lower/linear.ts';

function evaluate({ partial, sums }: Linear, given: readonly number[]): number[] {
  const numbers = [...given];
  const sumOf = (terms: Linear['sums'][number]): number =>
    terms.reduce((total, { of, weight }) => total + weight * numbers[of]!, 0);
  for (const terms of partial) numbers.push(sumOf(terms));
  return sums.map(sumOf);
}

/** Additions, and products that are none with 1 and −1. */
function operationsOf({ partial, sums }: Linear): [number, number] {
  const all = [...partial, ...sums];
  return [
    all.reduce((total, terms) => total + Math.max(0, terms.length - 1), 0),
    all.flat().filter(({ weight }) => Math.abs(weight) !== 1).length,
  ];
}

it('What rows have in common is added up once, to the same sums', () => {
  const weight = fc.constantFrom<number>(0, 0, 1, -1, 2, -2, 4, 0.5);
  const matrix = fc
    .integer({ min: 1, max: 5 })
    .chain((columns) =>
      fc.array(fc.array(weight, { minLength: columns, maxLength: columns }), { minLength: 1, maxLength: 6 }),
    );
  fc.assert(
    fc.property(matrix, (rows) => {
      const given = rows[0]!.map((_, column) => 3 ** column);
      const expected = rows.map((row) => row.reduce((total, one, column) => total + one * given[column]!, 0));
      expect(evaluate(shareTerms(rows), given)).toEqual(expected);
    }),
    { numRuns: 300 },
  );
});

it('The even and the odd part of a polynomial at p and −p are added up once: 12 additions instead of 16', () => {
  const { B, A } = transformsOf(4, 3);
  expect(operationsOf(shareTerms(B.rows))).toEqual([12, 10]);
  expect(operationsOf(shareTerms(A.rows))).toEqual([10, 6]);
});

it('A sum begins with what is added', () => {
  expect(shareTerms([[-1, 2]]).sums).toEqual([
    [
      { of: 1, weight: 2 },
      { of: 0, weight: -1 },
    ],
  ]);
});
