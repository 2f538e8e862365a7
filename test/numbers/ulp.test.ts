import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { everyForm } from '../cases/everyForm.ts';

type Row = readonly [
  x: number | string,
  value: number | string,
  rest: number,
  slope: number | string,
  slopeRest: number,
];

/** Activations and their derivatives to 60 digits; table.py says how. */
const table = JSON.parse(readFileSync(new URL('table.json', import.meta.url), 'utf8')) as Record<
  string,
  readonly Row[]
>;

/**
 * The largest errors in units of the last place of the result, in float64 and in float32; docs/formulas.md states them. A
 * result below the smallest normal number has the last place of that: it may be 0 instead.
 */
const bounds: Readonly<Record<string, readonly [value: number, slope: number]>> = {
  elu: [2, 2],
  selu: [4, 4],
  sigmoid: [3, 5],
  tanh: [2, 3],
  atan: [3, 2],
  softplus: [4, 3],
  softsign: [2, 3],
  silu: [4, 8],
  gelu: [6, 8],
  hardSigmoid: [2, 2],
  hardSwish: [3, 3],
  logSigmoid: [4, 3],
  relu: [0, 0],
  relu6: [0, 0],
  leakyRelu: [1, 1],
  celu: [2, 2],
  mish: [8, 8],
  geluTanh: [8, 8],
  thresholdedRelu: [0, 0],
  hardShrink: [0, 0],
  softShrink: [1, 0],
  step: [0, 0],
  exp: [1, 1],
  erf: [6, 3],
  abs: [0, 0],
};

/** The tanh of the form wasm is a quotient of two polynomials in float32. */
const wasmBounds: typeof bounds = { tanh: [6, 3], mish: [10, 10] };

/** 1 − tanh² is as exact as 1 is, and 0 where tanh rounds to ±1. */
const besideOne = new Set(['tanh']);

/**
 * Products of x and a gate g(x): where g is below its smallest normal number the product is as exact as that times x, and
 * g + x·g′, whose terms have opposite signs near its zero, is as exact as the terms are.
 */
const gated = new Set(['silu', 'gelu', 'hardSwish', 'mish', 'geluTanh']);

/**
 * An exponential of a computed exponent is off by the exponent's rounding, as many units as the exponent is large: z·σ(2v) and
 * its derivative in geluTanh's tail, e^(−z²) in erf′.
 */
const geluTanhExponent = (x: number): number => (x < 0 ? 2 * Math.sqrt(2 / Math.PI) * (-x - 0.044715 * x ** 3) : 0);
const exponents: Readonly<Record<string, readonly [value: (x: number) => number, slope: (x: number) => number]>> = {
  // Where z² overflows in float32 the slope is 0·∞, NaN, as in PyTorch.
  geluTanh: [geluTanhExponent, (x) => (Math.abs(x) > 1e19 ? Number.POSITIVE_INFINITY : geluTanhExponent(x))],
  erf: [() => 0, (x) => x * x],
};

/** What a slope is measured against where it is smaller. */
function leastSlope(name: string, size: number, smallest: number): number {
  if (besideOne.has(name)) return 1;
  return gated.has(name) ? Math.max(size < 4 ? 0.25 : 0, size * smallest) : 0;
}

/** What is said of NaN where only comparisons are asked. */
const comparing = {
  values: new Set(['thresholdedRelu', 'hardShrink', 'softShrink', 'step']),
  slopes: {
    ...{ relu: 0, relu6: 0, leakyRelu: 0.2, hardSigmoid: 0, thresholdedRelu: 0, hardShrink: 0, softShrink: 0, step: 0 },
    abs: 0,
  } as Readonly<Record<string, number>>,
};

describe.each(everyForm)('in the form $form', ({ form, rounding, store, load }) => {
  const smallest = form === 'wasm' ? 2 ** -126 : 2 ** -1022;
  const errorOf = (found: number, value: number | string, rest: number, least = 0): number => {
    const near = Number(value);
    if (Object.is(found, near) || store(near) === found) return 0;
    if (found === 0 && Math.abs(near) < smallest) return 0;
    if (Math.max(Math.abs(found), Math.abs(near)) < least) return 0;
    const exact = Math.max(Math.abs(near), smallest, least);
    if (!Number.isFinite(store(near))) return Object.is(found, store(near)) ? 0 : Number.POSITIVE_INFINITY;
    const unit = 2 * rounding * 2 ** Math.floor(Math.log2(exact));
    const restOf = Math.abs(near) < 2 ** -1022 ? 0 : (rest * 2 ** Math.floor(Math.log2(Math.abs(near)))) / 2 ** 52;
    return Math.abs(found - near - restOf) / unit;
  };

  it.each(Object.entries(table))('%s and its derivative are as near to 60 digits as stated', async (name, rows) => {
    const layers = [{ type: 'activation', activation: name }];
    const model = (await load({ name: 'one', input: [rows.length], layers })).createModel();
    const output = Array.from(model.forward(rows.map(([x]) => Number(x))));
    model.backward(rows.map(() => 1));
    const slopes = Array.from(model.inputGradient);
    const [most, mostSlope] = (form === 'wasm' ? wasmBounds[name] : undefined) ?? bounds[name]!;
    const [exponent, slopeExponent] = exponents[name] ?? [() => 0, () => 0];
    const tooFar: string[] = [];
    for (const [n, [place, value, rest, slope, slopeRest]] of rows.entries()) {
      const x = Number(place);
      const [a, b] = [
        errorOf(output[n]!, value, rest, gated.has(name) ? Math.abs(x) * smallest : 0),
        errorOf(slopes[n]!, slope, slopeRest, leastSlope(name, Math.abs(x), smallest)),
      ];
      if (!(a <= most + exponent(x))) tooFar.push(`${name}(${x}) by ${a}`);
      if (slopeExponent(x) < Number.POSITIVE_INFINITY && !(b <= mostSlope + slopeExponent(x)))
        tooFar.push(`${name}′(${x}) by ${b}`);
    }
    expect(tooFar).toEqual([]);
  });

  it('NaN gives NaN, but where only comparisons are asked, of which none holds', async () => {
    for (const name of Object.keys(table)) {
      const layers = [{ type: 'activation', activation: name }];
      const model = (await load({ name: 'one', input: [1], layers })).createModel();
      expect(model.forward([Number.NaN])[0], name).toBe(comparing.values.has(name) ? 0 : Number.NaN);
      model.backward([1]);
      const slope = comparing.slopes[name] ?? Number.NaN;
      expect(model.inputGradient[0], `${name}′`).toBe(store(slope));
    }
  });
});
