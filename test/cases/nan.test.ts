import { describe, expect, it } from 'vitest';
import { randomNumbers } from '../execution/randomNumbers.ts';
import { everyForm } from './everyForm.ts';

const image = [6, 6, 2];
const pools: readonly (readonly [string, readonly object[]])[] = [
  ['a pool', [{ type: 'maxPooling2d' }]],
  ['a pool of windows that overlap, behind a relu', [{ type: 'activation', activation: 'relu' }, overlapping('first')]],
  ['a pool that gives its gradient to all ties', [overlapping('all')]],
  ['a pool behind a convolution', [{ type: 'conv2d', filters: 3, kernelSize: 3, activation: 'relu' }, overlapping()]],
  ['a pool of the whole image', [{ type: 'globalMaxPooling2d' }]],
];

function overlapping(ties?: string): object {
  return { type: 'maxPooling2d', poolSize: 3, strides: 1, padding: 'same', ...(ties === undefined ? {} : { ties }) };
}

describe.each(everyForm)('in the form $form', ({ load }) => {
  it.each(pools)('a NaN comes through %s, wherever it stands', async (_, layers) => {
    const { createModel, network } = await load({ name: 'pool', input: image, layers });
    const model = createModel(randomNumbers(network.parameterCount, 1));
    const numbers = randomNumbers(72, 2);
    const plain = Array.from(model.forward(numbers));
    for (const at of numbers.keys()) {
      // Infinity at the same place shows which maxima can see it; a convolution may see −∞, which a relu hides.
      const high = Array.from(model.forward(numbers.with(at, 1e30)));
      const low = Array.from(model.forward(numbers.with(at, -1e30)));
      const seen = plain.map((value, n) => high[n] !== value || low[n] !== value);
      const found = Array.from(model.forward(numbers.with(at, Number.NaN)));
      expect(found.filter((value, n) => seen[n] && !Number.isNaN(value))).toEqual([]);
      expect(found.some(Number.isNaN), `NaN at ${at}`).toBe(true);
    }
  });

  it.each([0, 1, 2, 3])('the gradient of a window goes to its NaN, at place %i of 4', async (at) => {
    const layers = [{ type: 'conv2d', filters: 4, kernelSize: 1 }, { type: 'maxPooling2d' }];
    const { createModel, network } = await load({ name: 'pool', input: [12, 12, 4], layers });
    const model = createModel(randomNumbers(network.parameterCount, 1));
    const input = randomNumbers(12 * 12 * 4, 2);
    const places = [0, 1, 12, 13];
    for (const channel of [0, 1, 2, 3]) input[4 * places[at]! + channel] = Number.NaN;
    model.forward(input);
    model.backward(Array.from({ length: 6 * 6 * 4 }, () => 1));
    const firstWindow = places.map((place) => Array.from(model.inputGradient).slice(4 * place, 4 * place + 4));
    expect(firstWindow.map((pixel) => pixel.some((value) => value !== 0))).toEqual(places.map((_, n) => n === at));
  });

  it('a window of ∞ and −∞ has the maximum ∞, whatever the windows before held', async () => {
    const dense = { type: 'dense', units: 8, useBias: false };
    const windows = { type: 'maxPooling2d', poolSize: [1, 4] };
    const layers = [dense, { type: 'reshape', shape: [2, 4, 1] }, windows];
    const { createModel } = await load({ name: 'pool', input: [1], layers });
    const identity = createModel([1, 2, -1, 3, 4, 1, -1, 2]);
    expect(Array.from(identity.forward([Number.NaN]))).toEqual([Number.NaN, Number.NaN]);
    expect(Array.from(identity.forward([Number.POSITIVE_INFINITY]))).toEqual([1, 1].map((one) => one * Infinity));
    identity.backward([1, 1]);
  });
});
