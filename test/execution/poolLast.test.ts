import { describe, expect, it } from 'vitest';
import type { NetworkSpec } from '../../generator/index.ts';
import { expectFewRoundings } from '../wasm/expectFewRoundings.ts';
import { loadWasm } from '../wasm/loadWasm.ts';
import { load, relativeError } from './load.ts';
import { sampleOf } from './sample.ts';

type Layers = NetworkSpec['layers'];

/**
 * Without a loss the first equation of the backward pass may be one that a form rewrites: behind a max pool a kernel of
 * 1,024 numbers gets a gradient of another shape in `fast`, one of a few in `wasm`.
 */
const kernel = { kernelSize: 3, padding: 'same', useBias: false } as const;
const networks: readonly { readonly name: string; readonly input: readonly number[]; readonly layers: Layers }[] = [
  {
    name: 'a max pool',
    input: [4, 4, 1],
    layers: [{ type: 'conv2d', filters: 4, ...kernel }, { type: 'maxPooling2d' }],
  },
  {
    name: 'a max pool behind a large kernel',
    input: [2, 2, 16],
    layers: [{ type: 'conv2d', filters: 8, ...kernel }, { type: 'maxPooling2d' }],
  },
  {
    name: 'overlapping windows',
    input: [3, 2, 16],
    layers: [
      { type: 'conv2d', filters: 8, ...kernel },
      { type: 'maxPooling2d', poolSize: 2, strides: 1, padding: 'same' },
    ],
  },
  {
    name: 'a view of a global max pool',
    input: [2, 2, 29],
    layers: [{ type: 'conv2d', filters: 4, ...kernel }, { type: 'globalMaxPooling2d' }, { type: 'flatten' }],
  },
  {
    name: 'a max pool over a whole image behind a large kernel',
    input: [4, 4, 8],
    layers: [
      { type: 'conv2d', filters: 16, ...kernel },
      { type: 'maxPooling2d', poolSize: 4 },
    ],
  },
  {
    // The winner's number counts the places that the border cuts off.
    name: 'a window of 25 places, 16 of them in the image',
    input: [4, 4, 1],
    layers: [
      { type: 'conv2d', filters: 16, ...kernel },
      { type: 'maxPooling2d', poolSize: 5, padding: 'same' },
    ],
  },
  { name: 'a dense layer without bias', input: [9], layers: [{ type: 'dense', units: 5, useBias: false }] },
];

describe.each(networks)('a network without a loss that ends in $name', ({ name: _, ...network }) => {
  const spec = { name: 'last', ...network } as NetworkSpec;
  const sample = sampleOf(spec, 5);

  it('has the gradients of the unrolled form in fast', async () => {
    const [expected, found] = await Promise.all(
      (['unrolled', 'fast'] as const).map(async (form) => {
        const model = (await load(spec, { form, inputGradient: true })).createModel(sample.parameters);
        model.forward(sample.input);
        model.backward(sample.given);
        return model;
      }),
    );
    expect(relativeError(found!.gradients, expected!.gradients)).toBeLessThan(1e-13);
    expect(relativeError(found!.inputGradient, expected!.inputGradient)).toBeLessThan(1e-13);
  });

  it('has them in wasm, but for a few roundings', () => expectFewRoundings(spec, sample));

  // Where no gradient comes back nothing may be left of the sample before, which went along other winners.
  it.each(['unrolled', 'fast', 'wasm'] as const)('keeps nothing of the sample before in %s', async (form) => {
    const { createModel } = form === 'wasm' ? await loadWasm(spec) : await load(spec, { form, inputGradient: true });
    const trained = createModel();
    const given = [sample.given, sample.given.map((_, n) => (n === 0 ? 1 : 0))];
    const inputs = [sample.input, sample.input.toReversed()];
    const alone = inputs.map((input, n) => {
      const model = createModel();
      for (const one of [model, trained]) {
        one.parameters.set(sample.parameters);
        one.forward(input);
        one.backward(given[n]!);
      }
      return model;
    });
    const sum = Array.from(alone[0]!.gradients, (one, n) => one + alone[1]!.gradients[n]!);
    const least = form === 'wasm' ? 1e-5 : 1e-13;
    expect(relativeError(trained.gradients, sum)).toBeLessThan(least);
    expect(relativeError(trained.inputGradient, alone[1]!.inputGradient)).toBeLessThan(least);
  });
});
