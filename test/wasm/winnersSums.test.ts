import { describe, expect, it } from 'vitest';
import { randomNumbers } from '../execution/randomNumbers.ts';
import { Errors } from './inPairs.ts';
import { loadWasm, type WasmOptions } from './loadWasm.ts';

const taps = (kernel: number): readonly (readonly [number, number])[] =>
  Array.from({ length: kernel * kernel }, (_, n) => [Math.floor(n / kernel), n % kernel]);

interface Shape {
  /** Windows of 2×2. */
  readonly windows: readonly [number, number];
  readonly channels: number;
  readonly filters: number;
  readonly kernel: number;
}

/** Whole numbers and a kernel of whole numbers: what is compared in a window is exact, so that winners are as they should be. */
const whole = (length: number, seed: number, most: number): number[] =>
  randomNumbers(length, seed, 0, most).map(Math.floor);

/** A convolution behind which a max pool stands, and the terms of its gradients, found without any code of the generator. */
function convolutionAndPool({ windows: [rows, columns], channels, filters, kernel }: Shape) {
  const [height, width, before] = [2 * rows, 2 * columns, (kernel - 1) >> 1];
  const x = whole(height * width * channels, 1, 8);
  const W = whole(kernel * kernel * channels * filters, 2, 8);
  const at = (i: number, j: number, c: number): number =>
    i < 0 || j < 0 || i >= height || j >= width ? 0 : (x[(i * width + j) * channels + c] as number);
  const z = (i: number, j: number, o: number): number => {
    let sum = 0;
    for (let p = 0; p < kernel; p++)
      for (let q = 0; q < kernel; q++)
        for (let c = 0; c < channels; c++)
          sum += (W[((p * kernel + q) * channels + c) * filters + o] as number) * at(i + p - before, j + q - before, c);
    return sum;
  };
  /** The first of the largest in each window, by filter. */
  const winners = Array.from({ length: filters }, (_, o) =>
    Array.from({ length: rows * columns }, (_, n) => {
      const [i, j] = [2 * Math.floor(n / columns), 2 * (n % columns)];
      const places = [
        [i, j],
        [i, j + 1],
        [i + 1, j],
        [i + 1, j + 1],
      ] as const;
      const values = places.map(([u, v]) => z(u, v, o));
      return places[values.indexOf(Math.max(...values))] as readonly [number, number];
    }),
  );
  const spec = {
    name: 'pooled',
    input: [height, width, channels],
    layers: [
      { type: 'conv2d', filters, kernelSize: kernel, padding: 'same' },
      { type: 'maxPooling2d', poolSize: 2 },
    ],
  };
  const terms = (dy: readonly number[], o: number, [p, q]: readonly [number, number], c: number): number[] =>
    (winners[o] ?? []).map(([i, j], n) => (dy[n * filters + o] as number) * at(i + p - before, j + q - before, c));
  /** The kernel, and biases of 0. */
  const parameters = [...W, ...Array<number>(filters).fill(0)];
  return { spec, x, parameters, terms };
}

describe.each<[string, WasmOptions]>([
  ['alone', { inputGradient: false }],
  ['with the gradient of the input', { inputGradient: true }],
])('the gradient of a kernel behind a max pool, %s, has a term for every window', (_, options) => {
  // 127 × 101 windows are a sum of several runs, none of which divides them evenly.
  it.each<Shape>([
    { windows: [127, 101], channels: 1, filters: 3, kernel: 3 },
    { windows: [127, 3], channels: 1, filters: 2, kernel: 3 },
    // A row is more than one run.
    { windows: [2, 258], channels: 1, filters: 2, kernel: 3 },
    { windows: [2, 258], channels: 2, filters: 1, kernel: 1 },
    { windows: [1, 131], channels: 4, filters: 1, kernel: 3 },
    { windows: [67, 61], channels: 5, filters: 2, kernel: 3 },
    { windows: [13, 11], channels: 8, filters: 3, kernel: 3 },
    { windows: [11, 13], channels: 3, filters: 2, kernel: 5 },
  ])('in %j', async (shape) => {
    const { windows, channels, filters, kernel } = shape;
    const { spec, x, parameters, terms } = convolutionAndPool(shape);
    const model = (await loadWasm(spec, options)).createModel();
    model.parameters.set(parameters);
    model.forward(x);
    const dy = whole(windows[0] * windows[1] * filters, 3, 4);
    model.backward(dy);
    for (let o = 0; o < filters; o++)
      for (const [n, tap] of taps(kernel).entries())
        for (let c = 0; c < channels; c++) {
          const found = model.gradients[(n * channels + c) * filters + o];
          expect(found).toBe(terms(dy, o, tap, c).reduce((sum, one) => sum + one, 0));
        }
  });
});

describe('long sums along winners are within 4 times of adding in pairs', () => {
  it.each<Shape>([
    { windows: [127, 131], channels: 20, filters: 1, kernel: 1 },
    { windows: [128, 128], channels: 8, filters: 1, kernel: 3 },
    { windows: [256, 256], channels: 8, filters: 1, kernel: 1 },
    { windows: [253, 259], channels: 1, filters: 2, kernel: 3 },
  ])('in the gradients of a kernel and a bias, %j', async (shape) => {
    const { windows, channels, filters, kernel } = shape;
    const { spec, x, parameters, terms } = convolutionAndPool(shape);
    const model = (await loadWasm(spec)).createModel();
    model.parameters.set(parameters);
    const errors = { kernel: new Errors(), bias: new Errors() };
    const dy = randomNumbers(windows[0] * windows[1] * filters, 5, 0).map(Math.fround);
    model.forward(x);
    model.backward(dy);
    for (let o = 0; o < filters; o++) {
      const bias = model.gradients[kernel * kernel * channels * filters + o] as number;
      errors.bias.note(
        bias,
        dy.filter((_, n) => n % filters === o),
      );
      for (const [n, tap] of taps(kernel).entries())
        for (let c = 0; c < Math.min(channels, 16); c++)
          errors.kernel.note(model.gradients[(n * channels + c) * filters + o] as number, terms(dy, o, tap, c));
    }
    expect(errors.kernel.ratio).toBeLessThan(4);
    // One sum alone has a random error.
    expect(errors.bias.ratio).toBeLessThan(10);
  });
});

describe('the samples of a batch, each with a term for every window', () => {
  const shape: Shape = { windows: [6, 8], channels: 8, filters: 2, kernel: 3 };
  const count = 29;
  const samples = Array.from({ length: count }, (_, n) => n);

  /** The gradients of a batch, and for each of them its terms. */
  async function gradientsOf(dy: readonly number[]) {
    const { spec, x, parameters, terms } = convolutionAndPool(shape);
    const model = (await loadWasm(spec, { inputGradient: false })).createModel();
    model.parameters.set(parameters);
    model.backwardBatch(
      samples.flatMap(() => x),
      dy,
      count,
    );
    const size = dy.length / count;
    return taps(shape.kernel).flatMap((tap, n) =>
      Array.from({ length: shape.channels * shape.filters }, (_, of) => {
        const [c, o] = [Math.floor(of / shape.filters), of % shape.filters];
        const own = samples.flatMap((sample) => terms(dy.slice(sample * size, (sample + 1) * size), o, tap, c));
        return { found: model.gradients[n * shape.channels * shape.filters + of] as number, terms: own };
      }),
    );
  }

  it('lose none', async () => {
    for (const { found, terms } of await gradientsOf(whole(count * 96, 3, 4)))
      expect(found).toBe(terms.reduce((sum, one) => sum + one, 0));
  });

  it('are within 4 times of adding in pairs', async () => {
    const errors = new Errors();
    const dy = randomNumbers(count * 96, 5, 0).map(Math.fround);
    for (const { found, terms } of await gradientsOf(dy)) errors.note(found, terms);
    expect(errors.ratio).toBeLessThan(4);
  });
});
