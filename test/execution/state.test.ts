import { describe, expect, it } from 'vitest';
import { everyForm } from '../cases/everyForm.ts';
import { readExpected, readSpec } from '../cases/readCase.ts';
import { loadWasm } from '../wasm/loadWasm.ts';
import { load, relativeError } from './load.ts';
import { randomNumbers, sizeOf } from './randomNumbers.ts';

type Numbers = Float64Array | Float32Array;

/** What a model keeps, and the calls that change it; the same in every form. */
interface Model {
  readonly parameters: Numbers;
  readonly output: Numbers;
  readonly gradients: Numbers;
  readonly inputGradient: Numbers;
  forward(input: ArrayLike<number>): Numbers;
  loss?(target: ArrayLike<number>): number;
  backward(given: ArrayLike<number>): number | undefined;
  forwardBatch(inputs: ArrayLike<number>, count: number): ArrayLike<number>;
  backwardBatch(inputs: ArrayLike<number>, givens: ArrayLike<number>, count: number): number | undefined;
  trainBatch(inputs: ArrayLike<number>, givens: ArrayLike<number>, count: number, rate: number): number | undefined;
  clearGradients(): void;
  step(rate: number): void;
  initialize(seed: number): void;
}

interface Module {
  readonly network: { readonly inputShape: readonly number[]; readonly outputShape: readonly number[] };
  createModel(): Model;
}

const loaders = {
  unrolled: (spec: unknown) => load(spec, { form: 'unrolled', inputGradient: true }) as Promise<unknown>,
  fast: (spec: unknown) => load(spec, { form: 'fast', inputGradient: true }) as Promise<unknown>,
  wasm: (spec: unknown) => loadWasm(spec) as Promise<unknown>,
} as const;

/** Its loss reads what the output does not: the logarithm of a softmax's sum, or of a sigmoid. */
const specOf = (loss: string | undefined, activation: string) => ({
  name: 'state',
  input: [6, 6, 2],
  layers: [
    { type: 'conv2d', filters: 4, kernelSize: 3, activation: 'relu' },
    { type: 'maxPooling2d', poolSize: 2 },
    { type: 'flatten' },
    { type: 'dense', units: 3, activation },
  ],
  ...(loss && { loss }),
  optimizer: { type: 'adam' },
});

const losses = [
  ['categoricalCrossentropy', 'softmax'],
  ['binaryCrossentropy', 'sigmoid'],
  ['squaredError', 'tanh'],
  ['meanSquaredError', 'linear'],
] as const;

/** What a first step from fresh parameters gives. */
interface FirstStep {
  readonly initialize: number;
  readonly x: readonly number[];
  readonly target: readonly number[];
  readonly rate: number;
  readonly parameters_after_step: readonly number[];
}

describe.each(everyForm)('A new model in the form $form', ({ load: loadForm, store }) => {
  it('starts from what begins the same for every seed, and from 0 elsewhere', async () => {
    const module = (await loadForm({
      name: 'constants',
      input: [2],
      layers: [{ type: 'batchNormalization', epsilon: 0 }, { type: 'prelu' }, { type: 'dense', units: 2 }],
    })) as unknown as Module;
    const model = module.createModel();
    // γ, β, moving mean and variance of two channels, two α of 0.25, then the dense layer's six numbers.
    const expected = [1, 1, 0, 0, 0, 0, 1, 1, 0.25, 0.25, 0, 0, 0, 0, 0, 0];
    expect([...model.parameters]).toEqual(expected);
    model.initialize(1);
    expect([...model.parameters].slice(0, 10)).toEqual(expected.slice(0, 10));
    expect(model.parameters[10]).not.toBe(0);
  });

  it('is the identity where a normalisation stands alone, with an ε of 0 too', async () => {
    const spec = { name: 'identity', input: [2], layers: [{ type: 'batchNormalization', epsilon: 0 }] };
    const model = ((await loadForm(spec)) as unknown as Module).createModel();
    expect([...model.forward([1, -2.3])]).toEqual([1, store(-2.3)]);
  });

  it('takes parameters as they are given', async () => {
    const spec = { name: 'given', input: [1], layers: [{ type: 'batchNormalization', epsilon: 0 }] };
    const module = (await loadForm(spec)) as unknown as { createModel(parameters: readonly number[]): Model };
    expect([...module.createModel([2, 3, 4, 16]).forward([6])]).toEqual([4]);
  });
});

describe.each(Object.keys(loaders) as (keyof typeof loaders)[])('in the form %s', (form) => {
  const modules = new Map<string, Promise<unknown>>();
  const moduleOf = (loss: string | undefined, activation: string) => {
    const key = `${loss} ${activation}`;
    if (!modules.has(key)) modules.set(key, loaders[form](specOf(loss, activation)));
    return modules.get(key) as Promise<Module>;
  };

  it.each(losses)('loss gives what backward returns and touches nothing (%s)', async (loss, activation) => {
    const module = await moduleOf(loss, activation);
    const [model, other] = [started(module), started(module)];
    const [x, t, u] = [numbers(module.network.inputShape, 1), [0.2, 0.5, 0.3], [1, 0, 0]];
    const expected = [t, u].map((target) => {
      other.clearGradients();
      other.forward(x);
      return other.backward(target);
    });
    model.forward(x);
    model.backward(t);
    const before = snapshot(model);
    expect([model.loss?.(t), model.loss?.(u)]).toEqual(expected);
    expect(snapshot(model)).toEqual(before);
    // What a later backward needs is still there.
    model.clearGradients();
    expect(model.backward(u)).toBe(expected[1]);
    expect(snapshot(model)).toEqual(snapshot(other));
  });

  it('loss needs no backward before it, and names the right length', async () => {
    const module = await moduleOf('squaredError', 'tanh');
    const model = started(module);
    const y = model.forward(numbers(module.network.inputShape, 1));
    const t = [0.2, 0.5, 0.3];
    const expected = t.reduce((sum, value, n) => sum + (y[n]! - value) ** 2, 0) / 2;
    expect(model.loss!(t)).toBeCloseTo(expected, 6);
    expect(() => model.loss!([1])).toThrow(/^target: found length 1, expected 3$/);
  });

  it('without a loss in the spec there is none to ask for', async () => {
    const model = started(await moduleOf(undefined, 'tanh'));
    expect('loss' in model).toBe(false);
    expect('backwardBatch' in model && 'clearGradients' in model).toBe(true);
  });

  it('clearGradients sets them to 0 and leaves the rest', async () => {
    const module = await moduleOf('squaredError', 'tanh');
    const model = started(module);
    model.forward(numbers(module.network.inputShape, 1));
    model.backward([1, 2, 3]);
    const before = model.parameters.slice();
    model.clearGradients();
    expect(model.gradients.every((value) => value === 0)).toBe(true);
    expect(model.parameters).toEqual(before);
  });

  it('initialize begins anew: gradients and the optimiser too', async () => {
    const module = await moduleOf('squaredError', 'tanh');
    const [model, fresh] = [started(module), started(module)];
    const [x, t] = [numbers(module.network.inputShape, 1), [1, 2, 3]];
    trainOnce(model, x, t);
    model.forward(x);
    model.backward(t);
    model.initialize(1);
    expect(model.gradients.every((value) => value === 0)).toBe(true);
    for (const one of [model, fresh]) for (let step = 0; step < 3; step++) trainOnce(one, x, t);
    expect(model.parameters).toEqual(fresh.parameters);
  });

  it('a model that is initialised between backward and step makes the right first step', async () => {
    const { initialize, x, target, rate, parameters_after_step } = readExpected<FirstStep>('07-initialize');
    const { createModel } = (await loaders[form](readSpec('07-initialize'))) as Module;
    const model = createModel();
    model.initialize(initialize);
    model.forward(x);
    model.backward([7]);
    model.initialize(initialize);
    trainOnce(model, x, target, rate);
    expect(relativeError(model.parameters, parameters_after_step)).toBeLessThan(form === 'wasm' ? 2e-7 : 1e-15);
  });

  it.each([['squaredError', 'tanh'] as const, [undefined, 'tanh'] as const])(
    'backwardBatch adds the sum of the gradients and takes no step (loss: %s)',
    async (loss, activation) => {
      const module = await moduleOf(loss, activation);
      for (const count of [1, 3, 33, 70]) {
        const [model, single] = [started(module), started(module)];
        const [inputSize, outputSize] = [sizeOf(module.network.inputShape), sizeOf(module.network.outputShape)];
        const [xs, ts] = [randomNumbers(count * inputSize, 1), randomNumbers(count * outputSize, 2)];
        let total = 0;
        for (let n = 0; n < count; n++) {
          single.forward(xs.slice(n * inputSize, (n + 1) * inputSize));
          total += single.backward(ts.slice(n * outputSize, (n + 1) * outputSize)) ?? 0;
        }
        // Twice, as it adds.
        const before = model.parameters.slice();
        const found = [model.backwardBatch(xs, ts, count), model.backwardBatch(xs, ts, count)];
        const tolerance = form === 'wasm' ? 2e-6 : 1e-13;
        if (loss === undefined) expect(found).toEqual([undefined, undefined]);
        else expect(Math.abs((found[1]! * count) / total - 1)).toBeLessThan(tolerance);
        const twice = single.gradients.map((value) => 2 * value);
        expect(relativeError(model.gradients, twice), `${count} samples`).toBeLessThan(tolerance);
        expect(model.parameters).toEqual(before);
        const trained = started(module);
        trained.trainBatch(xs, ts, count, 0.1);
        model.clearGradients();
        model.backwardBatch(xs, ts, count);
        for (const [n, value] of model.gradients.entries()) model.gradients[n] = value / count;
        model.step(0.1);
        expect(relativeError(model.parameters, trained.parameters)).toBeLessThan(10 * tolerance);
      }
    },
  );

  it('backwardBatch refuses wrong lengths and counts, and changes nothing then', async () => {
    const model = started(await moduleOf('squaredError', 'tanh'));
    model.gradients.fill(3);
    const x = Array(144).fill(1);
    const calls: [RegExp, () => unknown][] = [
      [/^inputs: found length 144, expected 216$/, () => model.backwardBatch(x, Array(9).fill(1), 3)],
      [/^targets: found length 7, expected 6$/, () => model.backwardBatch(x, Array(7).fill(1), 2)],
      [/^count: found 0, expected a positive integer$/, () => model.backwardBatch([], [], 0)],
      [/^count: found -1, expected an integer of 0 or more$/, () => model.forwardBatch([], -1)],
      [/^count: found 1.5, expected an integer of 0 or more$/, () => model.forwardBatch(x, 1.5)],
      [/^count: found 1.5, expected a positive integer$/, () => model.backwardBatch(x, [1, 2, 3], 1.5)],
    ];
    for (const [message, call] of calls) expect(call).toThrow(message);
    expect(model.gradients.every((value) => value === 3)).toBe(true);
  });
});

function started({ createModel }: Module): Model {
  const model = createModel();
  model.initialize(1);
  return model;
}

function trainOnce(model: Model, x: readonly number[], t: readonly number[], rate = 0.1): void {
  model.forward(x);
  model.backward(t);
  model.step(rate);
}

function numbers(shape: readonly number[], seed: number): number[] {
  return randomNumbers(sizeOf(shape), seed);
}

function snapshot({ parameters, output, gradients, inputGradient }: Model): Numbers[] {
  return [parameters, output, gradients, inputGradient].map((values) => values.slice());
}
