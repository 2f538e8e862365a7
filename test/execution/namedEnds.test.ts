import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkSubject } from '../../generator/check/check.ts';
import { subjectOf } from '../../generator/check/subject.ts';
import { type NetworkSpec, warningsOf } from '../../generator/index.ts';
import { proveNetwork } from '../../generator/prove/index.ts';
import { arbitrarySpec } from './arbitrarySpec.ts';
import { load } from './load.ts';

type Arrays = Readonly<Record<string, ArrayLike<number>>>;

/** A model of a network whose inputs and outputs have names. */
interface NamedModel {
  readonly outputs: Arrays;
  readonly output: Float64Array;
  readonly gradients: Float64Array;
  readonly inputGradients: Arrays;
  readonly parameters: Float64Array;
  forward(inputs: Arrays): Arrays;
  forwardBatch(inputs: Arrays, count: number, outputs?: Arrays): Arrays;
  loss(targets: Arrays): number;
  backward(given: Arrays): number;
  backwardBatch(inputs: Arrays, given: Arrays, count: number): number;
  trainBatch(inputs: Arrays, given: Arrays, count: number, rate: number): number;
}

/** sum = a·(v + w), twice = a·sum; the loss is ½(sum − s)² + 3·½(twice − t)². */
const spec = {
  name: 'named',
  input: { 'left-side': [1], right: [1] },
  layers: [
    { type: 'add', inputs: ['left-side', 'right'] },
    { type: 'dense', name: 'sum', units: 1, useBias: false },
    { type: 'dense', name: 'twice', weightsOf: 'sum' },
    { type: 'flatten', name: 'seen', inputs: ['right'] },
  ],
  outputs: { sum: { loss: 'squaredError' }, seen: {}, twice: { loss: 'squaredError', weight: 3 } },
};

const forms = ['unrolled', 'fast', 'wasm'] as const;
const plain = (arrays: Arrays) =>
  Object.fromEntries(Object.entries(arrays).map(([name, values]) => [name, [...Array.from(values)]]));

describe.each(forms)('a network whose inputs and outputs have names, in the form %s', (form) => {
  const make = async (changes: object = {}, options: object = {}) => {
    const { network, createModel } = await load({ ...spec, ...changes }, { form, inputGradient: true, ...options });
    return { network, model: createModel([2]) as unknown as NamedModel };
  };

  it('reads a single input with a name where a padded convolution reads it', async () => {
    const layers = [{ type: 'conv2d', filters: 1, kernelSize: 3, padding: 'same', useBias: false }];
    const [named, unnamed] = await Promise.all(
      [{ input: { only: [4, 5, 1] } }, { input: [4, 5, 1] }].map(async (input) => {
        const conv = { ...layers[0], ...('only' in input.input ? { inputs: ['only'] } : {}) };
        const { createModel } = await load({ name: 'single', ...input, layers: [conv] }, { form, inputGradient: true });
        return createModel([1, 2, 3, 4, 5, 6, 7, 8, 9]) as unknown as NamedModel;
      }),
    );
    const x = Array.from({ length: 20 }, (_, n) => n - 7);
    named!.forward({ only: x });
    unnamed!.forward(x as never);
    expect([...named!.output]).toEqual([...unnamed!.output]);
    const batch = named!.forwardBatch({ only: [...x, ...x] }, 2) as unknown as ArrayLike<number>;
    expect(Array.from(batch)).toEqual([...unnamed!.output, ...unnamed!.output]);
  });

  it('takes and gives them by name, and adds up the losses by their weights', async () => {
    const { network, model } = await make();
    expect(network).toMatchObject({
      inputs: [
        { name: 'left-side', shape: [1], offset: 0 },
        { name: 'right', shape: [1], offset: 1 },
      ],
      outputs: [
        { name: 'sum', shape: [1], offset: 0, target: 1 },
        { name: 'seen', shape: [1], offset: 1, target: 0 },
        { name: 'twice', shape: [1], offset: 2, target: 1 },
      ],
    });
    // sum = 2·(1 + 4) = 10, twice = 20.
    const outputs = model.forward({ 'left-side': [1], right: [4] });
    expect(plain(outputs)).toEqual({ sum: [10], seen: [4], twice: [20] });
    expect(outputs).toBe(model.outputs);
    expect([...model.output]).toEqual([10, 4, 20]);
    const targets = { sum: [9], twice: [18] };
    expect(model.loss(targets)).toBe(0.5 + 3 * 2);
    expect(model.backward(targets)).toBe(6.5);
    // dL/dsum = 1 + 2·6 = 13; dL/da = 13·5 + 6·10; dL/dx = 2·13.
    expect([...model.gradients]).toEqual([125]);
    expect(plain(model.inputGradients)).toEqual({ 'left-side': [26], right: [26] });
  });

  it('runs whole batches, each array holding all samples', async () => {
    const { model } = await make();
    const inputs = { 'left-side': [1, 0, 2], right: [4, 1, 3] };
    expect(plain(model.forwardBatch(inputs, 3))).toEqual({ sum: [10, 2, 10], seen: [4, 1, 3], twice: [20, 4, 20] });
    const targets = { sum: [9, 2, 9], twice: [18, 4, 18] };
    expect(model.backwardBatch(inputs, targets, 3)).toBeCloseTo(13 / 3, 6);
    expect([...model.gradients]).toEqual([250]);
    expect(model.trainBatch(inputs, targets, 3, 0.03)).toBeCloseTo(13 / 3, 6);
    expect(model.parameters[0]).toBeCloseTo(2 - (0.03 * 250) / 3, 6);
  });

  it('takes the gradients of all outputs where none has a loss', async () => {
    const { model } = await make({ outputs: { sum: {}, seen: {}, twice: {} } });
    model.forward({ 'left-side': [1], right: [4] });
    expect(model.backward({ sum: [1], seen: [7], twice: [3] })).toBeUndefined();
    expect([...model.gradients]).toEqual([(1 + 3 * 2) * 5 + 3 * 10]);
    expect(plain(model.inputGradients)).toEqual({ 'left-side': [14], right: [21] });
  });

  it('names what has a wrong length', async () => {
    const { model } = await make();
    expect(() => model.forward({ 'left-side': [1], right: [] })).toThrow('inputs.right: found length 0, expected 1');
    expect(() => model.backward({ sum: [1], twice: [1, 2] })).toThrow('targets.twice: found length 2, expected 1');
    expect(() => model.forwardBatch({ 'left-side': [1, 2], right: [1] }, 2)).toThrow(
      'inputs.right: found length 1, expected 2',
    );
  });

  it('may have one input without a name, and only names for inputs', async () => {
    const layers = [
      { type: 'dense', name: 'a', units: 1, useBias: false },
      { type: 'dense', name: 'b', weightsOf: 'a' },
    ];
    const outputsOnly = await make({ input: [1], layers, outputs: { b: {}, a: {} } });
    expect(plain((outputsOnly.model as unknown as { forward(x: number[]): Arrays }).forward([3]))).toEqual({
      b: [12],
      a: [6],
    });
    const inputsOnly = await make({ outputs: undefined, loss: 'squaredError' });
    const output = inputsOnly.model.forward({ 'left-side': [1], right: [4] }) as unknown as ArrayLike<number>;
    expect([...Array.from(output)]).toEqual([4]);
  });
});

describe('named inputs and outputs', () => {
  it('are checked and proved like any network', () => {
    const options = { samples: 2, seed: 1 };
    expect(checkSubject(subjectOf(spec), options).passed).toBe(true);
    expect(proveNetwork(spec, { form: 'fast' })).toMatchObject({ proved: true, failures: [] });
  });

  it('of random networks agree with the reference, its differences and each other', () => {
    fc.assert(
      fc.property(arbitrarySpec, fc.nat(5), (random, seed) => {
        const named = withNames(random, seed);
        const { passed, forms: found } = checkSubject(subjectOf(named), { samples: 1, seed: 1, slotsPerSample: 20 });
        expect(found.flatMap(({ faults }) => faults)).toEqual([]);
        expect(passed).toBe(true);
      }),
      { numRuns: Number(process.env.LONGHAND_RUNS ?? 12), seed: 3 },
    );
  });

  it('that nothing reads are told to the user', () => {
    const idle = { ...spec, input: { ...spec.input, third: [2] } };
    expect(warningsOf(idle).map(({ path }) => path)).toEqual(['input.third']);
  });
});

/** The input twice, by names, and up to three layers as outputs, some with a loss of their own. */
function withNames({ input, layers, name }: NetworkSpec, seed: number): object {
  let reads = seed;
  const pick = (): string => (reads++ % 2 === 0 ? 'first' : 'second');
  const named = layers.map((layer, n) => {
    const inputs = layer.inputs ?? (n === 0 ? ['input'] : undefined);
    return {
      ...layer,
      name: `layer${n}`,
      ...(inputs && { inputs: inputs.map((one) => (one === 'input' ? pick() : renamed(one, layers))) }),
      ...('weightsOf' in layer && { weightsOf: renamed(layer.weightsOf, layers) }),
    };
  });
  const chosen = [...new Set([layers.length - 1, Math.floor(layers.length / 2), 0])].slice(0, 1 + (seed % 3));
  const losses = [{ loss: 'squaredError' }, {}, { loss: { type: 'huber', delta: 0.7 }, weight: 0.5 }];
  const outputs = Object.fromEntries(chosen.map((n, k) => [`layer${n}`, losses[(k + seed) % 3]!]));
  return { name, input: { first: input, second: input }, layers: named, outputs };
}

function renamed(name: string, layers: NetworkSpec['layers']): string {
  const counts = new Map<string, number>();
  const taken = new Set(layers.map((layer) => layer.name));
  for (const [n, layer] of layers.entries()) {
    let number = (counts.get(layer.type) ?? 0) + 1;
    while (layer.name === undefined && taken.has(`${layer.type}${number}`)) number++;
    counts.set(layer.type, number);
    if ((layer.name ?? `${layer.type}${number}`) === name) return `layer${n}`;
  }
  throw new Error(name);
}
