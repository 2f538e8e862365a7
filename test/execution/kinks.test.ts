import { describe, expect, it } from 'vitest';
import { large, literal } from '../../generator/forms/unrolled.ts';
import { type Form, stages } from '../../generator/pipeline.ts';
import { forms } from './forms.ts';
import { type AnyModel, load, loadText } from './load.ts';
import { randomNumbers } from './randomNumbers.ts';

describe.each(forms)('the slope at a kink in the form %s', (form) => {
  it.each([
    ['relu', 0, 0],
    ['relu', -0, 0],
    ['relu', 1e-300, 1],
    ['relu6', 0, 0],
    ['relu6', 6, 0],
    ['relu6', 5.9, 1],
    ['relu6', 6.1, 0],
    ['hardSigmoid', 3, 0],
    ['hardSigmoid', -3, 0],
    ['hardSigmoid', 2.9, 1 / 6],
    ['hardSigmoid', -2.9, 1 / 6],
    ['hardSwish', 3, 1],
    ['hardSwish', -3, 0],
  ])('of %s at %d is %d', async (activation, at, slope) => {
    const spec = { name: 'kink', input: [1], layers: [{ type: 'activation', activation }] };
    const model = (await load(spec, { inputGradient: true, form })).createModel();
    model.forward([at]);
    model.backward([1]);
    expect(model.inputGradient[0]).toBeCloseTo(slope, 15);
  });
});

/** The gradient of a 2×2 pool over a 4×4 image, for a gradient of 1 at each output. */
async function poolMask(image: readonly number[], ties: 'first' | 'all', form: Form): Promise<AnyModel> {
  const spec = { name: 'pool', input: [4, 4, 1], layers: [{ type: 'maxPooling2d', poolSize: 2, ties }] };
  const model = (await load(spec, { inputGradient: true, form })).createModel();
  model.forward(image);
  model.backward([1, 1, 1, 1]);
  return model;
}

const seedImage = [1, 2, 3, 4, 8, 7, 5, 6, 9, 11, 12, 10, 10, 7, 13, 9];
const tiedImage = [5, 5, 1, 2, 5, 5, 3, 3, 0, 7, 4, 0, 7, 0, 0, 4];

describe.each(forms)('a max pool in the form %s', (form) => {
  it.each(['first', 'all'] as const)('marks the winners of a 4×4 image, ties %s', async (ties) => {
    const { output, inputGradient } = await poolMask(seedImage, ties, form);
    expect([...output]).toEqual([8, 6, 11, 13]);
    expect([...inputGradient]).toEqual([0, 0, 0, 0, 1, 0, 0, 1, 0, 1, 0, 0, 0, 0, 1, 0]);
  });

  it('gives the gradient to the first of equal places, row by row', async () => {
    const { inputGradient } = await poolMask(tiedImage, 'first', form);
    expect([...inputGradient]).toEqual([1, 0, 0, 0, 0, 0, 1, 0, 0, 1, 1, 0, 0, 0, 0, 0]);
  });

  it("gives it to every one of them with ties 'all'", async () => {
    const { inputGradient } = await poolMask(tiedImage, 'all', form);
    expect([...inputGradient]).toEqual([1, 1, 0, 0, 1, 1, 1, 1, 0, 1, 1, 0, 1, 0, 0, 1]);
  });

  it('never lets a padded place win over negative numbers', async () => {
    const layers = [{ type: 'maxPooling2d', poolSize: 3, strides: 2, padding: 'same' }];
    const model = (await load({ name: 'p', input: [3, 3, 1], layers }, { inputGradient: true, form })).createModel();
    expect([...model.forward([-9, -8, -7, -6, -5, -4, -3, -2, -1])]).toEqual([-5, -4, -2, -1]);
    model.backward([1, 2, 3, 4]);
    expect([...model.inputGradient]).toEqual([0, 0, 0, 0, 1, 2, 0, 3, 4]);
  });
});

/** A network large enough for longhand to let relu and max change places, with each order. */
async function bothOrders(ties: 'first' | 'all', strides: number): Promise<AnyModel[]> {
  const layers = [
    { type: 'conv2d', filters: 4, kernelSize: 3, padding: 'same', activation: 'relu' },
    { type: 'maxPooling2d', poolSize: 2, strides, ties },
  ];
  const network = stages.shape(stages.parse({ name: 'commuted', input: [8, 8, 1], layers }));
  const texts = [large, literal].map((passes) => {
    const program = passes.run({ network, asked: { inputGradient: true }, form: 'unrolled' });
    return stages.print(network, program, stages.plan(program, { form: 'unrolled', maxTerms: 100_000 }));
  });
  expect(texts[0]).not.toBe(texts[1]);
  return Promise.all(texts.map(async (text) => (await loadText(text)).createModel()));
}

/** As an array, −0 as 0: an order of sums may give either. */
const plain = (values: Float64Array): number[] => Array.from(values, (value) => value + 0);

describe('relu and max in either order', () => {
  it.each([
    ['first', 2],
    ['first', 1],
    ['all', 2],
    ['all', 1],
  ] as const)(
    'agree where nothing is above 0, at 0 and where places tie: ties %s, strides %d',
    async (ties, strides) => {
      const models = await bothOrders(ties, strides);
      // Small whole numbers tie often; the biases make windows all negative, or 0 at most.
      for (let round = 0; round < 20; round++) {
        const whole = (length: number, seed: number) => randomNumbers(length, seed, -1.5, 1.5).map(Math.round);
        const image = whole(64, round);
        const kernel = whole(36, round + 100);
        const results = models.map((model) => {
          model.parameters.set([...kernel, 0, -2, -6, -100]);
          const output = plain(model.forward(image));
          model.backward(output.map((_, n) => 1 + (n % 5)));
          const gradients = plain(model.gradients);
          model.step(0);
          return { output, gradients, inputGradient: plain(model.inputGradient) };
        });
        expect(results[0]).toEqual(results[1]);
        expect(results[0]!.output.some((y) => y === 0) && results[0]!.output.some((y) => y > 0)).toBe(true);
      }
    },
  );
});
