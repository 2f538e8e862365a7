import { describe, expect, it } from 'vitest';
import { dump } from '../../generator/index.ts';
import { load, relativeError } from '../execution/load.ts';
import { randomNumbers, sizeOf } from '../execution/randomNumbers.ts';
import { loadWasm, type WasmModel } from './loadWasm.ts';

/** What the three forms share; the arrays are float64 in two of them. */
type Model = Pick<WasmModel, 'forward' | 'forwardBatch' | 'backward' | 'trainBatch' | 'step' | 'initialize'> & {
  readonly parameters: Float32Array | Float64Array;
  readonly gradients: Float32Array | Float64Array;
};

interface Module {
  readonly network: { readonly inputShape: readonly number[]; readonly outputShape: readonly number[] };
  createModel(): Model;
}

const optimizers = [{ type: 'sgd' }, { type: 'momentum', nesterov: true }, { type: 'adam' }] as const;

/** With and without a border around the input; the wasm form copies it only in the first. */
const paddings = ['same', 'valid'] as const;

const specOf = (optimizer: (typeof optimizers)[number], padding: string, loss: string | undefined) => ({
  name: 'batch',
  input: [5, 4, 2],
  layers: [
    { type: 'conv2d', filters: 3, kernelSize: 3, padding, activation: 'tanh' },
    { type: 'flatten' },
    { type: 'dense', units: 3, activation: 'softmax' },
  ],
  ...(loss && { loss }),
  optimizer,
});

/** Winners are followed backwards; the wasm form turns the second kernel and its gradient once for a whole batch. */
const pooled = {
  name: 'pooled',
  input: [8, 8, 1],
  layers: [
    { type: 'conv2d', filters: 4, kernelSize: 3, padding: 'same', activation: 'relu' },
    { type: 'maxPooling2d', poolSize: 2 },
    { type: 'conv2d', filters: 5, kernelSize: 3, padding: 'same', activation: 'relu' },
    { type: 'maxPooling2d', poolSize: 2 },
    { type: 'flatten' },
    { type: 'dense', units: 6, activation: 'softmax' },
  ],
  loss: 'categoricalCrossentropy',
};

/** The gradient goes on to a convolution without a pool, through a copy of its kernel. */
const stacked = {
  name: 'stacked',
  input: [6, 6, 1],
  layers: [
    { type: 'conv2d', filters: 4, kernelSize: 2, activation: 'tanh' },
    { type: 'conv2d', filters: 6, kernelSize: 3, activation: 'tanh' },
    { type: 'flatten' },
    { type: 'dense', units: 3 },
  ],
  loss: 'squaredError',
};

const loaders = {
  unrolled: (spec: unknown) => load(spec, { form: 'unrolled' }) as Promise<unknown>,
  fast: (spec: unknown) => load(spec, { form: 'fast' }) as Promise<unknown>,
  wasm: (spec: unknown) => loadWasm(spec, { inputGradient: false }),
} as const;

/** One call, a full piece of the wasm form's 32 samples, one more, several. */
const counts = [1, 3, 32, 33, 70];

describe.each(Object.keys(loaders) as (keyof typeof loaders)[])('a batch in the form %s', (form) => {
  /** The mean and the loss are rounded to float32 in the wasm form. */
  const tolerance = form === 'wasm' ? 1e-6 : 1e-12;
  const moduleOf = (optimizer: (typeof optimizers)[number], padding = 'same', loss?: string) =>
    loaders[form](specOf(optimizer, padding, loss)) as Promise<Module>;

  it.each(paddings)('goes forward as its samples do one by one, with padding %s', async (padding) => {
    const module = await moduleOf({ type: 'sgd' }, padding);
    for (const count of counts) {
      const [model, single] = [started(module), started(module)];
      const { inputs, inputAt } = samplesOf(module, count);
      const expected = Array.from({ length: count }, (_, n) => Array.from(single.forward(inputAt(n)))).flat();
      expect(Array.from(model.forwardBatch(inputs, count)), `${count} samples`).toEqual(expected);
    }
  });

  it('goes into an array of the caller', async () => {
    const module = await moduleOf({ type: 'sgd' });
    const model = started(module);
    const { inputs } = samplesOf(module, 33);
    const outputs = model.forwardBatch(inputs, 33);
    const own = outputs.slice().fill(9);
    expect(model.forwardBatch(inputs, 33, own)).toBe(own);
    expect(own).toEqual(outputs);
  });

  describe.each(optimizers)('with $type', (optimizer) => {
    it.each(['squaredError', undefined])('trains as its samples do one by one (loss: %s)', async (loss) => {
      const module = await moduleOf(optimizer, 'same', loss);
      for (const count of counts) {
        const [model, single] = [started(module), started(module)];
        const { inputs, givens, inputAt, givenAt } = samplesOf(module, count);
        // What stood in the gradients is dropped.
        model.gradients.fill(7);
        // Twice, as the optimiser remembers the first step.
        for (let call = 0; call < 2; call++) {
          const found = model.trainBatch(inputs, givens, count, 0.1);
          const expected = trainOneByOne(single, count, inputAt, givenAt);
          if (loss === undefined) expect(found).toBeUndefined();
          else expect(Math.abs(found / expected - 1), `loss of ${count} samples`).toBeLessThan(tolerance);
        }
        const error = relativeError(model.parameters, single.parameters);
        // Adam divides by the gradient's size, so that it shows a rounding of the smallest gradient in full.
        expect(error, `parameters after ${count} samples`).toBeLessThan(
          tolerance * (optimizer.type === 'adam' ? 10 : 1),
        );
        expect(model.gradients.every((value) => value === 0)).toBe(true);
      }
    });
  });

  it.each([pooled, stacked])('trains the network $name as its samples do one by one', async (spec) => {
    const module = (await loaders[form](spec)) as Module;
    for (const count of [1, 2, 33]) {
      const [model, single] = [started(module), started(module)];
      const { inputs, givens, inputAt, givenAt } = samplesOf(module, count);
      for (let call = 0; call < 2; call++) {
        const found = model.trainBatch(inputs, givens, count, 0.1);
        const expected = trainOneByOne(single, count, inputAt, givenAt);
        expect(Math.abs(found / expected - 1), `loss of ${count} samples`).toBeLessThan(10 * tolerance);
      }
      expect(relativeError(model.parameters, single.parameters), `${count} samples`).toBeLessThan(10 * tolerance);
    }
  });

  it('takes typed arrays as it takes any', async () => {
    const module = (await loaders[form](pooled)) as Module;
    const { inputs, givens } = samplesOf(module, 40);
    const [a, b] = [started(module), started(module)];
    // Numbers that float32 holds, so that both arrays have the same.
    const [x, t] = [inputs, givens].map((values) => Float32Array.from(values)) as [Float32Array, Float32Array];
    expect(a.trainBatch(x, t, 40, 0.1)).toBe(b.trainBatch(Array.from(x), Array.from(t), 40, 0.1));
    expect(a.parameters).toEqual(b.parameters);
    expect(a.forwardBatch(x, 40)).toEqual(b.forwardBatch(Array.from(x), 40));
  });

  it('of wrong lengths is refused, and the error names the right length', async () => {
    const module = await moduleOf({ type: 'sgd' }, 'same', 'squaredError');
    const model = started(module);
    const { inputs, givens } = samplesOf(module, 3);
    const calls: [RegExp, () => unknown][] = [
      [/^inputs: found length 120, expected 80$/, () => model.forwardBatch(inputs, 2)],
      [/^outputs: found length 8, expected 9$/, () => model.forwardBatch(inputs, 3, new Float32Array(8))],
      [/^inputs: found length 119, expected 120$/, () => model.trainBatch(inputs.slice(1), givens, 3, 0.1)],
      [/^targets: found length 8, expected 9$/, () => model.trainBatch(inputs, givens.slice(1), 3, 0.1)],
    ];
    const before = model.parameters.slice();
    for (const [message, call] of calls) {
      expect(call).toThrow(RangeError);
      expect(call).toThrow(message);
    }
    expect(model.parameters).toEqual(before);
  });

  it('of no samples goes forward to nothing', async () => {
    expect(started(await moduleOf({ type: 'sgd' })).forwardBatch([], 0)).toHaveLength(0);
  });

  it.each([0, 0.5, -1, Number.NaN])('of %s samples has no mean gradient: trainBatch refuses it', async (count) => {
    const module = await moduleOf({ type: 'sgd' }, 'same', 'squaredError');
    const model = started(module);
    const before = model.parameters.slice();
    const [inputs, givens] = [40, 3].map((length) => Array(Math.max(0, Math.floor(length * count) || 0)).fill(1));
    expect(() => model.trainBatch(inputs!, givens!, count, 0.1)).toThrow(RangeError);
    expect(model.parameters).toEqual(before);
  });
});

it('turns kernels once for a batch in the wasm form', () => {
  const text = dump(pooled, 'wat', { form: 'wasm' });
  const train = text.slice(text.indexOf('(export "backwardMany")'));
  const [loop, prepare, finish] = ['(loop', '(call $prepare_conv2d2)', '(call $finish_conv2d2)'].map((part) =>
    train.indexOf(part),
  ) as [number, number, number];
  expect(prepare).toBeGreaterThan(0);
  expect(prepare).toBeLessThan(loop);
  expect(finish).toBeGreaterThan(train.indexOf('(br_if $each'));
});

function started({ createModel }: Module): Model {
  const model = createModel();
  model.initialize(1);
  return model;
}

/** What `trainBatch` says it does; returns the mean loss. */
function trainOneByOne(
  model: Model,
  count: number,
  inputAt: (n: number) => number[],
  givenAt: (n: number) => number[],
): number {
  let total = 0;
  for (let n = 0; n < count; n++) {
    model.forward(inputAt(n));
    total += model.backward(givenAt(n));
  }
  for (const [n, value] of model.gradients.entries()) model.gradients[n] = value / count;
  model.step(0.1);
  return total / count;
}

function samplesOf({ network }: Module, count: number) {
  const [inputSize, outputSize] = [sizeOf(network.inputShape), sizeOf(network.outputShape)];
  const inputs = randomNumbers(count * inputSize, 1);
  const givens = randomNumbers(count * outputSize, 2);
  const part = (values: readonly number[], size: number) => (n: number) => values.slice(n * size, (n + 1) * size);
  return { inputs, givens, inputAt: part(inputs, inputSize), givenAt: part(givens, outputSize) };
}
