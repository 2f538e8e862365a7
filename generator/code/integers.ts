import { present } from '../lists.ts';
import { type Int, isConstant, type Sum, sumOf } from './code.ts';

/** A dividend over a divisor, rounded. */
export function quotient(kind: 'floor' | 'ceiling', dividend: Sum, divisor: number): Int {
  if (divisor === 1) return dividend;
  if (!isConstant(dividend)) return { kind, dividend, divisor };
  const exact = dividend.constant / divisor;
  return sumOf(kind === 'floor' ? Math.floor(exact) : Math.ceil(exact));
}

/** The least or the greatest of some integers: the constants among them are compared now. */
export function extreme(kind: 'least' | 'greatest', of: readonly Int[]): Int {
  const constants = of.flatMap((one) => (one.kind === 'sum' && isConstant(one) ? [one.constant] : []));
  const others = of.filter((one) => one.kind !== 'sum' || !isConstant(one));
  const distinct = [...new Map(others.map((one) => [keyOfInt(one), one])).values()];
  const limit = sumOf(kind === 'least' ? Math.min(...constants) : Math.max(...constants));
  const all = constants.length > 0 ? [limit, ...distinct] : distinct;
  const [only, ...more] = all;
  return only !== undefined && more.length === 0 ? only : { kind, of: all };
}

/** The same text for the same integer. */
export function keyOfInt(value: Int): string {
  switch (value.kind) {
    case 'sum': {
      const parts = [...value.terms].map(([{ name }, coefficient]) => `${coefficient}${name}`).sort();
      return [value.constant, ...parts].join('+');
    }
    case 'least':
    case 'greatest':
      return `${value.kind}(${value.of.map(keyOfInt).join()})`;
    case 'floor':
    case 'ceiling':
      return `${value.kind}(${keyOfInt(value.dividend)}/${value.divisor})`;
    case 'between':
      return `${keyOfInt(value.from)}…${keyOfInt(value.to)}`;
    case 'load':
      return `${value.array.name}[${keyOfInt(value.at)}]`;
    case 'splat':
      return keyOfInt(value.of);
    case 'digit':
      return `${value.number.name}/${value.below}%${value.size}`;
    case 'address':
      return `${value.winner.name}·${value.sizes.join('×')}·${value.strides.join()}`;
    case 'argmax':
      throw new Error('a place that is found among values has no key');
  }
}

/** What an address adds up: the digits of a winner's place, row by row, and how far each moves a read. */
export function digitsOf({ winner, sizes, strides }: Extract<Int, { kind: 'address' }>): readonly Move[] {
  return sizes.map((own, axis) => {
    const below = sizes.slice(axis + 1).reduce((product, size) => product * size, 1);
    const size = axis === 0 ? undefined : own;
    return { stride: present(strides[axis]), digit: { kind: 'digit', number: winner, below, size } };
  });
}

interface Move {
  readonly stride: number;
  readonly digit: Int;
}
