import { describe, expect, it } from 'vitest';
import { generate } from '../../generator/index.ts';
import { stages } from '../../generator/pipeline.ts';
import { finiteDifferences } from '../../generator/reference/finiteDifferences.ts';
import { forward, maskedLayers, withMasks } from '../../generator/reference/interpreter.ts';
import { everyForm } from '../cases/everyForm.ts';
import { relativeError } from '../execution/load.ts';
import { normalize, type RawNetwork } from '../reference/normalize.ts';

type Numbers = Float64Array | Float32Array;

interface Model {
  readonly parameters: Numbers;
  readonly gradients: Numbers;
  readonly masks: readonly Numbers[];
  forward(input: ArrayLike<number>): Numbers;
  backward(target: ArrayLike<number>): number;
  initialize(seed: number): void;
  backwardBatch(inputs: ArrayLike<number>, targets: ArrayLike<number>, count: number): number;
  trainBatch(inputs: ArrayLike<number>, targets: ArrayLike<number>, count: number, rate: number): number;
}

const spec = {
  name: 'drop',
  input: [3, 3, 2],
  layers: [
    { type: 'dropout', rate: 0.25 },
    { type: 'conv2d', filters: 2, kernelSize: 2, activation: 'tanh' },
    { type: 'dropout', rate: 0.4, seed: 7 },
    { type: 'flatten' },
    { type: 'dense', units: 2 },
  ],
  loss: 'squaredError',
};

const network = normalize(spec as RawNetwork);
const numbers = (count: number, seed: number): number[] =>
  Array.from({ length: count }, (_, n) => Math.fround(Math.sin(1 + 1.7 * n + seed)));
const parameters = numbers(36, 3);
const toleranceOf = { unrolled: 1e-10, fast: 1e-10, wasm: 2e-6 } as const;

/** mulberry32 once more, in integers of any size. */
function draws(start: bigint): () => number {
  const word = (n: bigint): bigint => BigInt.asUintN(32, n);
  let state = word(start);
  return () => {
    state = word(state + 0x6d2b79f5n);
    let t = word((state ^ (state >> 15n)) * (state | 1n));
    t = word(t ^ (t + word((t ^ (t >> 7n)) * (t | 61n))));
    return Number(t ^ (t >> 14n)) / 2 ** 32;
  };
}

/** The masks of one sample after the other, after `initialize(seed)`. */
function masksFrom(seed: bigint): () => number[][] {
  const sources = [
    { size: 18, rate: 0.25, next: draws(seed + 1n * 0x9e3779b1n) },
    { size: 8, rate: 0.4, next: draws(seed + 8n * 0x9e3779b1n) },
  ];
  return () =>
    sources.map(({ size, rate, next }) => Array.from({ length: size }, () => (next() < rate ? 0 : 1 / (1 - rate))));
}

describe.each(everyForm)('in the form $form', ({ form, load }) => {
  const started = async (seed?: number): Promise<Model> => {
    const model = (await load(spec)).createModel() as unknown as Model;
    if (seed !== undefined) model.initialize(seed);
    model.parameters.set(parameters);
    return model;
  };

  it('forward leaves nothing out', async () => {
    const model = await started();
    const x = numbers(18, 1);
    expect(model.masks.map((mask) => [...mask])).toEqual([Array(18).fill(1), Array(8).fill(1)]);
    expect(relativeError(model.forward(x), forward(network, parameters, x))).toBeLessThan(toleranceOf[form]);
  });

  it('a given mask gives the output and the gradients that differences of the reference show', async () => {
    const model = await started();
    const [x, target] = [numbers(18, 1), numbers(2, 2)];
    const masks = masksFrom(5n)();
    const masked = withMasks(network, masks);
    for (const [n, mask] of masks.entries()) model.masks[n]!.set(mask);
    expect(relativeError(model.forward(x), forward(masked, parameters, x))).toBeLessThan(toleranceOf[form]);
    model.backward(target);
    const { gradients } = finiteDifferences(masked, parameters, x, target);
    const expected = gradients.values;
    expect(relativeError(model.gradients, expected)).toBeLessThan(form === 'wasm' ? 2e-6 : 1e-8);
  });

  it('a batch draws the same masks on every machine, for each sample others, and leaves 1 behind', async () => {
    // More samples than one call of the wasm form takes.
    const [count, seed] = [70, 9];
    const [model, single] = [await started(seed), await started()];
    const [inputs, targets] = [numbers(18 * count, 1), numbers(2 * count, 2)];
    const mean = model.backwardBatch(inputs, targets, count);
    const next = masksFrom(BigInt(seed));
    let total = 0;
    for (let n = 0; n < count; n++) {
      for (const [position, mask] of next().entries()) single.masks[position]!.set(mask);
      single.forward(inputs.slice(18 * n, 18 * (n + 1)));
      total += single.backward(targets.slice(2 * n, 2 * (n + 1)));
    }
    const tolerance = form === 'wasm' ? 1e-6 : 1e-13;
    expect(relativeError([mean], [total / count])).toBeLessThan(tolerance);
    expect(relativeError(model.gradients, single.gradients)).toBeLessThan(tolerance);
    expect(model.masks.every((mask) => mask.every((value) => value === 1))).toBe(true);
  });

  it('initialize begins the random numbers anew; another seed has others', async () => {
    const [inputs, targets] = [numbers(36, 1), numbers(4, 2)];
    const trained = async (seed: number): Promise<number[]> => {
      const model = await started(seed);
      model.trainBatch(inputs, targets, 2, 0.1);
      return [...model.parameters];
    };
    const [first, again, other] = [await trained(1), await trained(1), await trained(2)];
    expect(again).toEqual(first);
    expect(other).not.toEqual(first);
  });
});

it('a module for inference knows no dropout', () => {
  for (const form of ['unrolled', 'fast'] as const) {
    const [{ content } = { content: '' }] = generate(spec, { form, inference: true });
    expect(content).not.toMatch(/mask|m1/);
  }
});

it('the masks of a network are listed by layer', () => {
  expect(maskedLayers(network)).toEqual([
    { name: 'dropout1', count: 18, rate: 0.25, seed: undefined },
    { name: 'dropout2', count: 8, rate: 0.4, seed: 7 },
  ]);
});

it.each([
  [{ rate: 1 }, 'layers[0].rate: found 1; expected a number from 0 up to, not including, 1'],
  [{}, 'layers[0].rate: found nothing; expected a number from 0 up to, not including, 1'],
  [{ rate: 0.5, seed: -1 }, 'layers[0].seed: found -1; expected an integer from 0 to 4294967295'],
])('a dropout of %j is told what is wrong', (options, message) => {
  expect(() => stages.parse({ ...spec, layers: [{ type: 'dropout', ...options }] })).toThrow(message);
});
