import { describe, expect, it } from 'vitest';
import type { Code, Value } from '../../generator/code/code.ts';
import { generate, SpecError } from '../../generator/index.ts';
import { foldedConstants } from '../../generator/passes/foldConstants.ts';
import { everyForm } from '../cases/everyForm.ts';
import { readExpected, readSpec } from '../cases/readCase.ts';

interface Steps {
  readonly initialize: number;
  readonly x: readonly number[];
  readonly target: readonly number[];
  readonly rate: number;
  readonly losses: readonly number[];
}

describe.each(everyForm)('in the form $form', ({ load, rounding }) => {
  it.each(['11a-adam-beta2', '11b-adam-beta1'])('%s learns as in float64, though β is almost 1', async (name) => {
    const { initialize, x, target, rate, losses } = readExpected<Steps>(name);
    const model = (await load(readSpec(name))).createModel();
    model.initialize(initialize);
    // The expected losses are from a float64 in which 1 − βᵗ has lost half of its digits.
    for (const [step, expected] of losses.entries()) {
      model.forward(x);
      const loss = model.backward(target);
      expect(Math.abs(loss / expected - 1), `loss before step ${step + 1}`).toBeLessThan(
        Math.max(100 * rounding, 1e-9),
      );
      model.step(rate);
    }
  });

  it.each([0, 0.9, 0.999])('averages with β = %s of a constant gradient stay at that gradient', async (beta) => {
    // Then a step is rate·g/|g|, whatever its number: a β and a 1 − β that do not add up to 1 would drift.
    const optimizer = { type: 'adam', beta1: beta, beta2: beta, epsilon: 1e-30 };
    const spec = { name: 'one', input: [1], layers: [{ type: 'dense', units: 1, useBias: false }], optimizer };
    const model = (await load(spec)).createModel([0]);
    for (let step = 1; step <= 4000; step++) {
      const before = model.parameters[0]!;
      model.gradients[0] = 3;
      model.step(2 ** -10);
      expect(Math.abs((before - model.parameters[0]!) * 2 ** 10 - 1)).toBeLessThan(1e4 * rounding);
    }
  });
});

describe('a number that float32 cannot represent', () => {
  const layers = [{ type: 'dense', units: 1 }];
  const adam = (epsilon: number) => ({ name: 'a', input: [1], layers, optimizer: { type: 'adam', epsilon } });
  const normalized = (epsilon: number) => ({
    name: 'b',
    input: [2, 2, 1],
    layers: [{ type: 'flatten' }, { type: 'batchNormalization', epsilon }],
  });

  it.each([
    [adam(1e-46), /^optimizer\.epsilon: found 1e-46; expected a number from 1e-41 up, .*--form fast/],
    [adam(1e-45), /^optimizer\.epsilon: found 1e-45; /],
    [adam(1e39), /^optimizer\.epsilon: found 1e\+39; expected a number up to 3\.4e38, /],
    [normalized(1e-60), /^layers\[1\]\.epsilon: found 1e-60; /],
  ])('is refused in the form wasm, with its place, and not in the others: %o', (spec, message) => {
    expect(() => generate(spec, { form: 'wasm' })).toThrow(SpecError);
    expect(() => generate(spec, { form: 'wasm' })).toThrow(message);
    for (const form of ['unrolled', 'fast'] as const) expect(generate(spec, { form })).toHaveLength(1);
  });

  it('is none that is only rounded', () => {
    expect(generate(adam(1e-41), { form: 'wasm' })).toHaveLength(1);
    expect(generate(adam(3.4e38), { form: 'wasm' })).toHaveLength(1);
  });
});

describe('constants of a formula', () => {
  const x: Value = { kind: 'local', local: { name: 'x' } };
  const number = (value: number): Value => ({ kind: 'number', value });
  const oneMinus = (value: number): Value => ({
    kind: 'plus',
    terms: [number(1), { kind: 'times', factors: [number(-1), number(value)] }],
  });
  const fold = (value: Value): Value => {
    const code: Code[] = [
      { kind: 'if', test: { kind: 'every', of: [] }, body: [{ kind: 'constant', local: { name: 'y' }, value }] },
    ];
    const [outer] = foldedConstants(code);
    return ((outer as Extract<Code, { kind: 'if' }>).body[0] as Extract<Code, { kind: 'constant' }>).value;
  };

  it.each<[string, Value, Value]>([
    ['1 − β', oneMinus(0.99999999), number(1 - 0.99999999)],
    ['x·(1 − β)', { kind: 'times', factors: [x, oneMinus(0.999)] }, { kind: 'times', factors: [x, number(1 - 0.999)] }],
    [
      '0.5·x·0.1',
      { kind: 'times', factors: [number(0.5), x, number(0.1)] },
      { kind: 'times', factors: [number(0.05), x] },
    ],
    [
      '√(2/7)',
      { kind: 'call', name: 'sqrt', argument: { kind: 'divide', dividend: number(2), divisor: number(7) } },
      number(Math.sqrt(2 / 7)),
    ],
    [
      'x/(1 + 2)',
      { kind: 'divide', dividend: x, divisor: { kind: 'plus', terms: [number(1), number(2)] } },
      { kind: 'divide', dividend: x, divisor: number(3) },
    ],
    ['1 + x + 2', { kind: 'plus', terms: [number(1), x, number(2)] }, { kind: 'plus', terms: [number(3), x] }],
  ])('%s is computed in float64', (_name, from, to) => {
    expect(fold(from)).toEqual(to);
  });

  it.each<[string, Value]>([
    ['a sign stays by itself', { kind: 'times', factors: [number(-1), number(0.1), x] }],
    ['a division by 0 is left to the engine', { kind: 'divide', dividend: number(1), divisor: number(0) }],
    ['what differs from engine to engine is left to it', { kind: 'call', name: 'exp', argument: number(1) }],
  ])('%s', (_name, value) => {
    expect(fold(value)).toEqual(value);
  });
});
