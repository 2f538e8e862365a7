import { describe, expect, test } from 'vitest';
import { type AnyModule, load } from '../execution/load.ts';
import { sizeOf } from '../execution/randomNumbers.ts';

/** The forms in float64. */
const forms = ['unrolled', 'fast'] as const;

/** Small, so that its module is: the kernels do not depend on it. */
const image = [3, 3, 6];

/** The parameters of a layer after `initialize`, by the second half of their names. */
async function initialOf(module: AnyModule, seed: number): Promise<Readonly<Record<string, number[]>>> {
  const model = module.createModel();
  model.parameters.fill(9);
  model.initialize(seed);
  const named = module.network.parameters.map(({ name, shape, offset }) => {
    return [name.split('/')[1], [...model.parameters.subarray(offset, offset + sizeOf(shape))]];
  });
  return Object.fromEntries(named);
}

/** The limit of a uniform distribution, as far as its numbers tell: the largest of a hundred is near it. */
function expectUniform(numbers: readonly number[], limit: number): void {
  expect(numbers.length).toBeGreaterThan(100);
  expect(Math.max(...numbers)).toBeLessThanOrEqual(limit);
  expect(Math.min(...numbers)).toBeGreaterThanOrEqual(-limit);
  expect(Math.max(...numbers)).toBeGreaterThan(0.93 * limit);
  expect(Math.min(...numbers)).toBeLessThan(-0.93 * limit);
  const mean = numbers.reduce((sum, one) => sum + one, 0) / numbers.length;
  expect(Math.abs(mean)).toBeLessThan(0.15 * limit);
}

/** A layer, what one output reads (fan in), and how many outputs read one input (fan out). */
const kernels: readonly (readonly [object, number, number])[] = [
  [{ type: 'conv2d', filters: 5, kernelSize: [2, 3] }, 2 * 3 * 6, 2 * 3 * 5],
  [{ type: 'conv2d', filters: 12, kernelSize: 3, groups: 2 }, 9 * 3, 9 * 6],
  [{ type: 'conv2dTranspose', filters: 5, kernelSize: [2, 3] }, 2 * 3 * 6, 2 * 3 * 5],
  [{ type: 'depthwiseConv2d', kernelSize: 3, depthMultiplier: 4 }, 9 * 6, 9 * 4],
];

describe('a kernel starts', () => {
  test.each(kernels)('by the rule of Glorot: %j', async (layer, fanIn, fanOut) => {
    const module = await load({ name: 'a', input: image, layers: [{ ...layer, activation: 'tanh' }] });
    const { kernel, bias } = await initialOf(module, 1);
    expectUniform(kernel!, Math.sqrt(6 / (fanIn + fanOut)));
    expect(new Set(bias)).toEqual(new Set([0]));
  });

  test.each(kernels)('in front of relu by the rule of He: %j', async (layer, fanIn) => {
    const module = await load({ name: 'a', input: image, layers: [{ ...layer, activation: 'relu' }] });
    expectUniform((await initialOf(module, 2)).kernel!, Math.sqrt(6 / fanIn));
  });

  test.each([
    ['sigmoid', Math.sqrt(6 / (50 + 4))],
    ['leakyRelu', Math.sqrt(6 / 50)],
    ['gelu', Math.sqrt(6 / 50)],
    ['linear', Math.sqrt(6 / (50 + 4))],
  ])('of dense by the activation: %s', async (activation, limit) => {
    const module = await load({ name: 'a', input: [50], layers: [{ type: 'dense', units: 4, activation }] });
    expectUniform((await initialOf(module, 3)).kernel!, limit);
  });
});

test('a batch normalization starts as the identity', async () => {
  const { gamma, beta, movingMean, movingVariance } = await initialOf(
    await load({ name: 'a', input: image, layers: [{ type: 'batchNormalization' }] }),
    1,
  );
  expect([gamma, beta, movingMean, movingVariance]).toEqual([1, 0, 0, 1].map((start) => Array(6).fill(start)));
});

test('a seed gives the same numbers in every form, another seed others', async () => {
  const layers = [{ type: 'conv2d', filters: 2, kernelSize: 2 }, { type: 'flatten' }, { type: 'dense', units: 3 }];
  const starts = await Promise.all(
    forms.map(async (form) => {
      const model = (await load({ name: 'a', input: image, layers }, { form })).createModel();
      return [1, 2, 1].map((seed) => {
        model.initialize(seed);
        return [...model.parameters];
      });
    }),
  );
  for (const [first, second, again] of starts) {
    expect(again).toEqual(first);
    expect(second).not.toEqual(first);
    expect(first).toEqual(starts[0]![0]);
  }
});
