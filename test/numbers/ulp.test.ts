import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { everyForm } from '../cases/everyForm.ts';

type Row = readonly [x: number, value: number | string, rest: number, slope: number | string, slopeRest: number];

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
};

/** 1 − tanh² is as exact as 1 is, and 0 where tanh rounds to ±1. */
const besideOne = new Set(['tanh']);

/**
 * Products of x and a gate g(x): where g is below its smallest normal number the product is as exact as that times x, and
 * g + x·g′, whose terms have opposite signs near its zero, is as exact as the terms are.
 */
const gated = new Set(['silu', 'gelu', 'hardSwish']);

/** What a slope is measured against where it is smaller. */
function leastSlope(name: string, size: number, smallest: number): number {
  if (besideOne.has(name)) return 1;
  return gated.has(name) ? Math.max(size < 4 ? 0.25 : 0, size * smallest) : 0;
}

describe.each(everyForm)('in the form $form', ({ form, rounding, store, load }) => {
  const smallest = form === 'wasm' ? 2 ** -126 : 2 ** -1022;
  const errorOf = (found: number, value: number | string, rest: number, least = 0): number => {
    const near = Number(value);
    if (Object.is(found, near) || store(near) === found) return 0;
    if (found === 0 && Math.abs(near) < Math.max(smallest, least)) return 0;
    const exact = Math.max(Math.abs(near), smallest, least);
    if (!Number.isFinite(store(near))) return Number.isFinite(found) ? Number.POSITIVE_INFINITY : 0;
    const unit = 2 * rounding * 2 ** Math.floor(Math.log2(exact));
    const restOf = Math.abs(near) < 2 ** -1022 ? 0 : (rest * 2 ** Math.floor(Math.log2(Math.abs(near)))) / 2 ** 52;
    return Math.abs(found - near - restOf) / unit;
  };

  it.each(Object.entries(table))('%s and its derivative are as near to 60 digits as stated', async (name, rows) => {
    const layers = [{ type: 'activation', activation: name }];
    const model = (await load({ name: 'one', input: [rows.length], layers })).createModel();
    const output = Array.from(model.forward(rows.map(([x]) => x)));
    model.backward(rows.map(() => 1));
    const slopes = Array.from(model.inputGradient);
    const worst = { value: 0, slope: 0, at: 0, slopeAt: 0 };
    for (const [n, [x, value, rest, slope, slopeRest]] of rows.entries()) {
      const [a, b] = [
        errorOf(output[n]!, value, rest, gated.has(name) ? Math.abs(x) * smallest : 0),
        errorOf(slopes[n]!, slope, slopeRest, leastSlope(name, Math.abs(x), smallest)),
      ];
      if (!(a <= worst.value)) Object.assign(worst, { value: a, at: x });
      if (!(b <= worst.slope)) Object.assign(worst, { slope: b, slopeAt: x });
    }
    const [most, mostSlope] = bounds[name]!;
    expect(worst.value, `${name}(${worst.at})`).toBeLessThanOrEqual(most);
    expect(worst.slope, `${name}′(${worst.slopeAt})`).toBeLessThanOrEqual(mostSlope);
  });
});
