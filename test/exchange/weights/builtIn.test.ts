import { describe, expect, it } from 'vitest';
import { loadModule } from '../../../generator/check/module.ts';
import { fromHalf, toHalf } from '../../../generator/exchange/weights/numberTypes.ts';
import { packWeights, unpackWeights, weightPrecisions } from '../../../generator/exchange/weights/pack.ts';
import { readSafetensors } from '../../../generator/exchange/weights/safetensors.ts';
import { slotsOf } from '../../../generator/exchange/weights/slots.ts';
import { generate } from '../../../generator/index.ts';
import { stages } from '../../../generator/pipeline.ts';
import { load, loadText } from '../../execution/load.ts';

const spec = {
  name: 'tiny',
  input: [4, 4, 2],
  layers: [
    { type: 'depthwiseConv2d', kernelSize: 3 },
    { type: 'batchNormalization' },
    { type: 'flatten' },
    { type: 'dense', units: 3, activation: 'softmax' },
  ],
  loss: 'categoricalCrossentropy',
};
const network = stages.shape(stages.parse(spec));
const slots = slotsOf(network);
const total = slots.reduce((sum, { shape }) => sum + shape.reduce((product, size) => product * size, 1), 0);
// The second channel of every tensor is a hundred times the first: one scale for both would lose the first.
const weights = Float64Array.from({ length: total }, (_, n) => Math.sin(n + 1) * (n % 2 === 0 ? 0.01 : 1));

describe('weights built into a module', () => {
  for (const precision of weightPrecisions) {
    // Assembling takes a process of its own: one precision stands for all.
    for (const form of precision === 'int8' ? (['unrolled', 'fast', 'wasm'] as const) : (['fast'] as const)) {
      it(`${form} starts from ${precision}, and from what it is given`, () => {
        const [file] = generate(spec, { form, weights, precision });
        const { createModel } = loadModule(file!.content);
        const expected = unpackWeights(packWeights(slots, weights, precision));
        const model = createModel();
        const own = form === 'wasm' ? Float32Array.from(expected) : expected;
        expect([...model.parameters]).toEqual([...own]);
        const given = new Float64Array(total).fill(0.5);
        expect([...createModel(given).parameters]).toEqual([...given]);
      });
    }
  }

  it('an inference module has them too', () => {
    const [file] = generate(spec, { form: 'fast', inference: true, weights });
    expect(loadModule(file!.content).createModel().parameters[3]).toBe(Math.fround(weights[3]!));
  });

  it('int8 has a scale for each channel: no number moves by more than half a step of its channel', () => {
    const rounded = unpackWeights(packWeights(slots, weights, 'int8'));
    const kernel = slots[0]!;
    for (let n = 0; n < 18; n++) {
      const largest = n % 2 === 0 ? 0.01 : 1;
      expect(Math.abs(rounded[kernel.offset + n]! - weights[kernel.offset + n]!)).toBeLessThanOrEqual(
        largest / 254 + 1e-9,
      );
    }
  });

  it('numbers that are not finite, or too large for float16, are refused with the parameter', () => {
    const wrong = Float64Array.from(weights);
    wrong[1] = 1e5;
    expect(() => packWeights(slots, wrong, 'float16')).toThrow(
      "'depthwiseConv2d1/kernel': found 100000; expected finite",
    );
    wrong[1] = Number.NaN;
    expect(() => generate(spec, { weights: wrong })).toThrow("'depthwiseConv2d1/kernel': found NaN");
    expect(() => generate(spec, { weights: weights.subarray(1) })).toThrow(
      `found ${total - 1} numbers; expected the ${total}`,
    );
  });

  it('every binary16 but NaN is the nearest to itself, and ties go to even', () => {
    for (let bits = 0; bits < 65536; bits++) {
      const value = fromHalf(bits);
      if (!Number.isNaN(value) && toHalf(value) !== bits) expect(`${bits}: ${toHalf(value)}`).toBe(`${bits}: ${bits}`);
    }
    expect(toHalf(1 + 2 ** -11)).toBe(toHalf(1));
    expect(toHalf(1 + 3 * 2 ** -11)).toBe(toHalf(1 + 2 ** -9));
    expect(toHalf(65519.99)).toBe(0x7bff);
    expect(toHalf(65520)).toBe(0x7c00);
  });
});

it('the companion writes what longhand reads, and reads it back to the same bits', async () => {
  const files = generate(spec, { form: 'fast', companion: true });
  expect(files.map(({ path }) => path)).toEqual(['tiny.ts', 'tiny.weights.ts']);
  const { network: facts } = await load(spec);
  const companion = (await loadText(files[1]!.content)) as unknown as {
    readSafetensors(bytes: ArrayBufferLike, network: unknown): Float64Array;
    writeSafetensors(parameters: Float64Array | Float32Array, network: unknown): Uint8Array;
  };
  const bytes = companion.writeSafetensors(weights, facts);
  const read = readSafetensors(bytes);
  expect([...read.tensors.keys()]).toEqual(slots.map(({ name }) => name));
  expect([...companion.readSafetensors(bytes.buffer, facts)]).toEqual([...weights]);
  const narrow = Float32Array.from(weights);
  expect([...companion.readSafetensors(companion.writeSafetensors(narrow, facts).buffer, facts)]).toEqual([...narrow]);
  const other = { parameterCount: 1, parameters: [{ name: 'a', shape: [1], offset: 0 }] };
  expect(() => companion.readSafetensors(bytes.buffer, other)).toThrow('a: found shape [undefined], expected [1]');
  expect(() => companion.readSafetensors(new TextEncoder().encode('no weights').buffer, facts)).toThrow(
    'found no safetensors file',
  );
});

describe('training goes on from a file', () => {
  const wanted = { ...spec, loss: 'squaredError', optimizer: { type: 'adam' } };
  for (const form of ['unrolled', 'fast', 'wasm'] as const) {
    it(`to the same bits, in ${form}`, async () => {
      const [module, text] = generate(wanted, { form, companion: true });
      const { createModel, network } = (await loadText(module!.content)) as unknown as Trainable;
      const companion = (await loadText(text!.content)) as unknown as Companion;
      const first = createModel();
      first.initialize(4);
      const size = network.inputShape.reduce((product, length) => product * length, 1);
      const train = (model: TrainableModel, from: number): number[] => {
        for (let step = from; step < from + 3; step++) {
          const inputs = Float64Array.from({ length: 2 * size }, (_, n) => Math.sin(n + step));
          const targets = Float64Array.from({ length: 2 * model.output.length }, (_, n) => Math.cos(n * step));
          model.trainBatch(inputs, targets, 2, 0.01);
        }
        return [...model.parameters];
      };
      train(first, 1);
      const bytes = companion.writeSafetensors(first.parameters, network, first.optimizerState);
      expect(readSafetensors(bytes).metadata['longhand.spec']).toMatch(/^[0-9a-f]{16}$/);
      const second = createModel(companion.readSafetensors(bytes.buffer, network));
      companion.readOptimizerState(bytes.buffer, second.optimizerState);
      const fresh = createModel(companion.readSafetensors(bytes.buffer, network));
      const whole = train(first, 4);
      expect(train(second, 4)).toEqual(whole);
      expect(train(fresh, 4)).not.toEqual(whole);
      expect(() => companion.readOptimizerState(bytes.buffer, { other: new Float64Array(1) })).toThrow(
        'other: found 0 bytes, expected 8',
      );
    });
  }
});

interface TrainableModel {
  readonly parameters: Float64Array;
  readonly output: Float64Array;
  readonly optimizerState: Readonly<Record<string, Float64Array>>;
  initialize(seed: number): void;
  trainBatch(inputs: Float64Array, targets: Float64Array, count: number, rate: number): number;
}

interface Trainable {
  readonly network: { readonly inputShape: readonly number[] };
  createModel(parameters?: Float64Array): TrainableModel;
}

interface Companion {
  readSafetensors(bytes: ArrayBufferLike, network: unknown): Float64Array;
  readOptimizerState(bytes: ArrayBufferLike, state: unknown): void;
  writeSafetensors(parameters: Float64Array, network: unknown, state?: unknown): Uint8Array;
}
