import { describe, expect, it } from 'vitest';
import { randomNumbers } from '../execution/randomNumbers.ts';
import { loadWasm, type WasmOptions } from './loadWasm.ts';

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
  /** The first of the largest in each window, for one filter. */
  const winnersOf = (o: number): readonly (readonly [number, number])[] =>
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
    });
  const spec = {
    name: 'pooled',
    input: [height, width, channels],
    layers: [
      { type: 'conv2d', filters, kernelSize: kernel, padding: 'same', useBias: false },
      { type: 'maxPooling2d', poolSize: 2 },
    ],
  };
  const gradient = (dy: readonly number[], o: number) => {
    const winners = winnersOf(o);
    return (p: number, q: number, c: number): number[] =>
      winners.map(([i, j], n) => (dy[n * filters + o] as number) * at(i + p - before, j + q - before, c));
  };
  return { spec, x, W, gradient };
}

describe.each<[string, WasmOptions]>([
  ['alone', { inputGradient: false }],
  ['with the gradient of the input', { inputGradient: true }],
])('the gradient of a kernel behind a max pool, %s, has a term for every window', (_, options) => {
  // 127 × 101 windows are a sum of several runs, none of which divides them evenly.
  it.each<Shape>([
    { windows: [127, 101], channels: 1, filters: 3, kernel: 3 },
    { windows: [127, 3], channels: 1, filters: 2, kernel: 3 },
    { windows: [1, 131], channels: 4, filters: 1, kernel: 3 },
    { windows: [67, 61], channels: 5, filters: 2, kernel: 3 },
    { windows: [13, 11], channels: 8, filters: 3, kernel: 3 },
    { windows: [11, 13], channels: 3, filters: 2, kernel: 5 },
  ])('in %j', async (shape) => {
    const { windows, channels, filters, kernel } = shape;
    const { spec, x, W, gradient } = convolutionAndPool(shape);
    const model = (await loadWasm(spec, options)).createModel();
    model.parameters.set(W);
    model.forward(x);
    const dy = whole(windows[0] * windows[1] * filters, 3, 4);
    model.backward(dy);
    for (let o = 0; o < filters; o++) {
      const terms = gradient(dy, o);
      for (let p = 0; p < kernel; p++)
        for (let q = 0; q < kernel; q++)
          for (let c = 0; c < channels; c++) {
            const found = model.gradients[((p * kernel + q) * channels + c) * filters + o];
            expect(found).toBe(terms(p, q, c).reduce((sum, one) => sum + one, 0));
          }
    }
  });
});
