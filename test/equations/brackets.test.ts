import { expect, test } from 'vitest';
import { constant } from '../../generator/equations/affine.ts';
import { equation } from '../../generator/equations/equation.ts';
import {
  add,
  compare,
  divide,
  type Expression,
  multiply,
  number,
  one,
  read,
  where,
  zero,
} from '../../generator/equations/expression.ts';
import type { Tensor } from '../../generator/equations/tensor.ts';
import { generate } from '../../generator/index.ts';
import { printEquation } from '../../generator/print/equation.ts';

const scalar = (name: string): Expression => read({ name, shape: [1], role: 'value' } satisfies Tensor, [constant(0)]);
const text = (e: Expression): string =>
  printEquation(
    equation({ name: 'y', shape: [1], role: 'value' }, [constant(0)], e, { pass: 'forward', layer: 'test' }),
  );
const [z, d, s] = [scalar('z'), scalar('d'), scalar('s')];
const positive = compare(z, '>', zero);

test('a factor moves into a bracket, on whichever side its 0 stands', () => {
  expect(text(multiply(d, where(positive, one, zero)))).toBe('y = d·[z > 0]');
  expect(text(multiply(d, where(positive, zero, s)))).toBe('y = (0 if z > 0 else d·s)');
});

test('a divisor moves into a bracket likewise', () => {
  expect(text(divide(where(positive, d, zero), s))).toBe('y = d/s·[z > 0]');
  expect(text(divide(where(positive, zero, d), s))).toBe('y = (0 if z > 0 else d/s)');
});

test('two brackets that ask the same become one choice', () => {
  const sum = add(
    multiply(d, where(positive, one, zero)),
    multiply(number(0.2), d, where(compare(z, '>', zero), zero, one)),
  );
  expect(text(sum)).toBe('y = (d if z > 0 else 0.2·d)');
});

test('the derivative of leakyRelu is one choice in the emitted code', () => {
  const spec = { name: 'leaky', input: [2], layers: [{ type: 'dense', units: 1, activation: 'leakyRelu' }] };
  expect(generate(spec, { form: 'unrolled' })[0]!.content).toContain('const dz1 = z1 > 0 ? da1 : 0.2 * da1;');
});
