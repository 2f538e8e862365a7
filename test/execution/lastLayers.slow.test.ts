import { describe, expect, it } from 'vitest';
import type { NetworkSpec } from '../../generator/index.ts';
import { runsOf } from '../runs.ts';
import { load, relativeError } from './load.ts';
import { sampleOf } from './sample.ts';

/** How a convolution is set up; every combination of two of these options occurs. */
const options = {
  useBias: [false, true],
  activation: ['linear', 'relu'],
  filters: [4, 1],
  padding: ['same', 'valid'],
} as const;

/** What stands last, where backward begins; with nothing else in the network, most of it may be left out or fused. */
const endings: Readonly<Record<string, readonly object[]>> = {
  'nothing more': [],
  'a max pool': [{ type: 'maxPooling2d' }],
  'a max pool that shares among ties': [{ type: 'maxPooling2d', ties: 'all' }],
  'a max pool whose windows overlap': [{ type: 'maxPooling2d', poolSize: 2, strides: 1 }],
  'an average pool': [{ type: 'averagePooling2d' }],
  'the largest of all': [{ type: 'globalMaxPooling2d' }],
  'a relu': [{ type: 'activation', activation: 'relu' }],
  'a dense layer without bias': [{ type: 'flatten' }, { type: 'dense', units: 4, useBias: false }],
};

type Setup = { readonly [K in keyof typeof options]: (typeof options)[K][number] };

/** All sixteen in a long run, else the four in which every two options meet in every way, and linear without bias. */
const all: readonly Setup[] = options.useBias.flatMap((useBias) =>
  options.activation.flatMap((activation) =>
    options.filters.flatMap((filters) => options.padding.map((padding) => ({ useBias, activation, filters, padding }))),
  ),
);
const isOdd = ({ useBias, activation, filters, padding }: Setup): boolean =>
  [useBias, activation === 'relu', filters === 1, padding === 'valid'].filter(Boolean).length % 2 === 1;
const setups = runsOf(120) > 500 ? all : all.filter((one) => !isOdd(one));

describe.each(Object.entries(endings))('A network that ends in a convolution and %s', (_, ending) => {
  it.each([undefined, 'squaredError'])('has the same numbers in every form, loss: %s', async (loss) => {
    for (const setup of setups) {
      const layers = [{ type: 'conv2d', kernelSize: 3, ...setup }, ...ending];
      const spec = { name: 'last', input: [4, 4, 1], layers, ...(loss && { loss }) } as unknown as NetworkSpec;
      const { parameters, input, given } = sampleOf(spec, 1);
      const run = async (form: 'unrolled' | 'fast' | 'wasm') => {
        const model = (await load(spec, { form, inputGradient: true })).createModel(parameters);
        model.forward(input);
        model.backward(given);
        return model;
      };
      const [expected, fast, wasm] = await Promise.all([run('unrolled'), run('fast'), run('wasm')]);
      for (const buffer of ['output', 'gradients', 'inputGradient'] as const) {
        const place = `${buffer} of ${JSON.stringify(setup)}`;
        expect(relativeError(fast[buffer], expected[buffer]), `fast: ${place}`).toBeLessThan(1e-12);
        expect(relativeError(wasm[buffer], expected[buffer]), `wasm: ${place}`).toBeLessThan(1e-5);
      }
    }
  });
});
