import { beforeAll, describe, expect, it } from 'vitest';
import { helperText } from '../../generator/emit/helperText.ts';
import { generate } from '../../generator/index.ts';
import { forms } from './forms.ts';
import { loadText } from './load.ts';
import { randomNumbers } from './randomNumbers.ts';
import { errorInUnits, exponentOf, neighbour } from './tanhReference.ts';

const network = (activation: string) => ({
  name: 'one',
  input: [2],
  layers: [{ type: 'dense', units: 1, activation }],
  loss: 'squaredError',
});

const textOf = (activation: string, form: (typeof forms)[number]): string =>
  generate(network(activation), { form })[0]!.content;

/** The function as it stands in a generated module. */
let tanh: (x: number) => number;
beforeAll(async () => {
  const text = textOf('tanh', 'unrolled').replace(/^function tanh\(/m, 'export $&');
  ({ tanh } = (await loadText(text)) as unknown as { tanh: typeof tanh });
});

const places = Array.from({ length: 1281 }, (_, n) => n / 64);
/** Where one place of the table gives way to the next. */
const seams = places.slice(1).flatMap((place) => [-3, -2, -1, 1, 2].map((steps) => neighbour(place, steps)));
let seed = 0;
const between = (low: number, high: number, count: number): number[] => randomNumbers(count, seed++, low, high);
/** Down to where tanh x is x, and many from the first places of the table, where the error is largest. */
const scattered = [
  ...Array.from({ length: 34 }, (_, n) => between(2 ** -n, 2 ** (1 - n), 100)).flat(),
  ...between(0, 1 / 16, 4000),
  ...[1, 2, 3, 4].flatMap((n) => between(n / 64 - 1e-4, n / 64, 500)),
  ...between(0, 0.25, 4000),
  ...between(0, 2, 4000),
  ...between(0, 20, 4000),
];

/** The largest error over some arguments, in units of the last place of the result. */
function largestError(points: readonly number[]): number {
  return points.reduce((most, x) => Math.max(most, errorInUnits(tanh(x), x)), 0);
}

describe('tanh in a module', () => {
  it('is within 1.3 units of the last place, as its comment says', () => {
    expect(helperText('tanh')).toContain('hyperbolic tangent to 1.3 ulp');
    expect(scattered.length + seams.length).toBeGreaterThan(20_000);
    expect(largestError(scattered)).toBeLessThanOrEqual(1.3);
    expect(largestError(seams)).toBeLessThanOrEqual(1.3);
  });

  it('has a table that is within 0.6 units of the last place, as its comment says', () => {
    expect(helperText('tanh')).toContain('The table to 0.6 ulp');
    expect(largestError(places)).toBeLessThanOrEqual(0.6);
  });

  it('is odd to the last bit, and never above 1', () => {
    const wrong = [...scattered, ...seams, ...places].filter(
      (x) => !Object.is(tanh(-x), -tanh(x)) || !(tanh(x) <= 1) || Math.sign(tanh(x)) !== Math.sign(x),
    );
    expect(wrong).toEqual([]);
  });

  it('is x where x is small, subnormal numbers and both zeros included', () => {
    const small = Array.from({ length: 1074 - 27 }, (_, n) => between(1, 2, 2).map((m) => m * 2 ** (n - 1074))).flat();
    const points = [0, Number.MIN_VALUE, ...small].flatMap((x) => [x, -x]);
    expect(points.filter((x) => !Object.is(tanh(x), x))).toEqual([]);
  });

  it('is ±1 from where that is the nearest number, and NaN for NaN', () => {
    const large = [
      19.0616,
      20,
      neighbour(20, 1),
      1e3,
      2 ** 31,
      1e15,
      1e300,
      Number.MAX_VALUE,
      Number.POSITIVE_INFINITY,
    ];
    expect(large.map(tanh)).toEqual(large.map(() => 1));
    expect(large.map((x) => tanh(-x))).toEqual(large.map(() => -1));
    expect(tanh(19)).toBeLessThan(1);
    expect(tanh(Number.NaN)).toBeNaN();
  });

  it('never falls by more than one unit in the last place from one number to the next', () => {
    const falling = [...scattered, ...seams].filter(
      (x) => tanh(x) - tanh(neighbour(x, 1)) > 2 ** (exponentOf(tanh(x)) - 52),
    );
    expect(falling).toEqual([]);
  });

  it('computes the same on every engine, as it asks nothing of Math', () => {
    expect(helperText('tanh').replace("V8's Math.tanh", '')).not.toContain('Math');
  });
});

describe.each(forms)('the form %s', (form) => {
  it('brings tanh where it is used, and nowhere else', () => {
    expect(textOf('tanh', form)).toContain(helperText('tanh'));
    expect(textOf('tanh', form).replace(helperText('tanh'), '')).not.toContain('Math.tanh');
    expect(textOf('atan', form)).not.toContain('tanh');
  });
});
