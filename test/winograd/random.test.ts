import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { NetworkSpec } from '../../generator/index.ts';
import { stages } from '../../generator/pipeline.ts';
import { evaluate } from '../../generator/reference/interpreter.ts';
import { randomNumbers, sizeOf } from '../execution/randomNumbers.ts';
import { runsOf, seed } from '../runs.ts';
import { answers, modelOf, worst } from './models.ts';

// The random networks of all layers are too small for tiles: these have channels and places enough.

// A network takes as long as five of theirs.
const runs = Math.ceil(runsOf(25) / 5);

const size = fc.integer({ min: 4, max: 9 });
const channels = fc.constantFrom(8, 8, 9, 10, 12, 16);
const kernel = fc.oneof({ weight: 3, arbitrary: fc.constantFrom(3, 5) }, fc.tuple(kernelSide(), kernelSide()));
const padding = fc.constantFrom<unknown>('same', 'same', 'valid', [
  [2, 1],
  [0, 3],
]);

function kernelSide() {
  return fc.constantFrom(1, 2, 3, 4, 5);
}

/** A layer that keeps images at least as large as kernels, mostly. */
const layer = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      type: fc.constant('conv2d'),
      filters: channels,
      kernelSize: kernel,
      padding,
      activation: fc.constantFrom('linear', 'relu', 'tanh'),
      flipKernel: fc.boolean(),
      useBias: fc.boolean(),
      dilationRate: fc.constantFrom(1, 1, 1, 2),
      trainable: fc.constantFrom(true, true, true, false),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constant('conv2dTranspose'),
      filters: channels,
      kernelSize: kernel,
      strides: fc.constantFrom(1, 1, 2),
      padding: fc.constantFrom('same', 'valid'),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom<object>(
      { type: 'maxPooling2d', poolSize: 2, padding: 'same' },
      { type: 'depthwiseConv2d', kernelSize: 3, padding: 'same' },
      { type: 'upSampling2d', size: 2 },
      { type: 'batchNormalization' },
      { type: 'conv2d', filters: 8, kernelSize: 3, strides: 2, padding: 'same' },
      { type: 'conv2d', filters: 8, kernelSize: 3, groups: 2, padding: 'same' },
    ),
  },
);

const networks: fc.Arbitrary<NetworkSpec> = fc
  .record({
    input: fc.tuple(size, size, fc.constantFrom(8, 10)),
    layers: fc.array(layer, { minLength: 1, maxLength: 3 }),
    isAround: fc.boolean(),
    loss: fc.constantFrom(undefined, 'meanSquaredError'),
  })
  .map(({ input, layers, isAround, loss }) => {
    const around = [
      { type: 'conv2d', name: 'around', filters: input[2], kernelSize: 3, padding: 'same' },
      { type: 'add', inputs: ['around', 'input'] },
    ];
    const end = [{ type: 'globalAveragePooling2d' }];
    const all = [...(isAround ? around : []), ...layers, ...(loss === undefined ? [] : end)];
    return { name: 'tiles', input, layers: all, ...(loss && { loss }) } as unknown as NetworkSpec;
  })
  // What does not fit, such as a kernel larger than its image, is of no interest here.
  .filter((spec) => !isRefused(spec));

function isRefused(spec: NetworkSpec): boolean {
  try {
    stages.shape(stages.parse(spec));
    return false;
  } catch {
    return true;
  }
}

/** Whether a form has a rewritten convolution in its plan. */
function hasTiles(spec: NetworkSpec): boolean {
  const program = stages.equations(stages.shape(stages.parse(spec)), { form: 'fast', inputGradient: true });
  const planned = stages.plan(program, { form: 'fast', inputGradient: true });
  return JSON.stringify([...(planned.form === 'fast' ? planned.plan.stored : [])].map(({ name }) => name)).includes(
    '"U',
  );
}

/**
 * Whether a relu has a 0 in front of it that rounding may turn into anything, as where a window sees padding alone and
 * there is no bias: sums give 0 exactly and tiles 1e-17, and the gradient is another one.
 */
function isOnKink(spec: NetworkSpec, parameters: readonly number[], input: readonly number[]): boolean {
  const network = stages.parse(spec);
  const { preActivations } = evaluate(network, parameters, input);
  return network.layers.some(({ name, options }) => {
    if (!('activation' in options) || options.activation !== 'relu') return false;
    return preActivations.get(name)!.values.some((z) => Math.abs(z) < 1e-6);
  });
}

describe('Random convolutions by transformed tiles', () => {
  it('are what their sums are, with all gradients', { timeout: 30_000 + 5_000 * runs }, async () => {
    let byTiles = 0;
    await fc.assert(
      fc.asyncProperty(networks, fc.nat(1e6), async (spec, numbers) => {
        if (hasTiles(spec)) byTiles++;
        const outputShape = stages.shape(stages.parse(spec)).shapes.at(-1)!;
        const input = [...Float32Array.from(randomNumbers(sizeOf(spec.input as readonly number[]), numbers, 0))];
        const given = [...Float32Array.from(randomNumbers(sizeOf(outputShape), numbers + 1, 0))];
        const [sums, tiles] = [
          await modelOf(spec, { form: 'fast', winograd: false }),
          await modelOf(spec, { form: 'fast' }),
        ];
        const wasm = await modelOf(spec, { form: 'wasm' });
        // Not the zeros that biases begin with: what sees padding alone is the bias.
        const shares = randomNumbers(wasm.parameters.length, numbers + 2);
        wasm.parameters.set(wasm.parameters.map((value, n) => (value === 0 ? shares[n]! : value)));
        fc.pre(!isOnKink(spec, [...wasm.parameters], input));
        sums.parameters.set(wasm.parameters);
        tiles.parameters.set(wasm.parameters);
        const expected = answers(sums, input, given);
        expect(worst(answers(tiles, input, given), expected)).toBeLessThan(1e-12);
        expect(worst(answers(wasm, input, given), expected)).toBeLessThan(1e-4);
      }),
      { numRuns: runs, seed },
    );
    // A fifth to two fifths of them, by the seed.
    expect(byTiles).toBeGreaterThan(runs / 10);
  });
});
