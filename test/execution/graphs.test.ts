import { describe, expect, it } from 'vitest';
import type { RawLayer } from '../reference/normalize.ts';
import { forms } from './forms.ts';
import { load } from './load.ts';
import { type Numbers, runOnce } from './runOnce.ts';

/** One weight, named: y = w·x on every channel-free vector of one number. */
const scale = (name: string, ...inputs: string[]): RawLayer => ({
  type: 'dense',
  units: 1,
  useBias: false,
  name,
  ...(inputs.length > 0 && { inputs }),
});

describe.each(forms)('a graph in the form %s', (form) => {
  const run = (input: readonly number[], layers: readonly RawLayer[], numbers: Numbers) =>
    runOnce({ input, layers }, numbers, { form });

  it('adds up the gradients of a value that two layers read', async () => {
    // y = b·(a·x) + c·(a·x)
    const layers = [scale('a'), scale('b', 'a'), scale('c', 'a'), { type: 'add', inputs: ['b', 'c'] } as const];
    const found = await run([1], layers, { parameters: [2, 3, 5], input: [7], given: [10] });
    expect(found.output).toEqual([112]);
    expect(found.gradients).toEqual([8 * 7 * 10, 2 * 7 * 10, 2 * 7 * 10]);
    expect(found.inputGradient).toEqual([2 * 8 * 10]);
  });

  it('goes around a diamond and past it', async () => {
    // y = (a·x)·(b·x) + x
    const product = { type: 'multiply', inputs: ['a', 'b'], name: 'ab' } as const;
    const layers = [scale('a'), scale('b', 'input'), product, { type: 'add', inputs: ['ab', 'input'] } as const];
    const found = await run([1], layers, { parameters: [2, 3], input: [5] });
    expect(found.output).toEqual([155]);
    expect(found.gradients).toEqual([3 * 25, 2 * 25]);
    expect(found.inputGradient).toEqual([2 * 6 * 5 + 1]);
  });

  it('reads one value twice in a sum and in products', async () => {
    const twice = { type: 'add', inputs: ['input', 'input'] } as const;
    expect(await run([2], [twice], { input: [3, 4], given: [10, 100] })).toMatchObject({
      output: [6, 8],
      inputGradient: [20, 200],
    });
    const square = { type: 'multiply', inputs: ['input', 'input'] } as const;
    expect(await run([2], [square], { input: [3, 4], given: [10, 100] })).toMatchObject({
      output: [9, 16],
      inputGradient: [60, 800],
    });
    const cube = { type: 'multiply', inputs: ['input', 'input', 'input'] } as const;
    expect(await run([1, 1, 2], [cube], { input: [3, -1], given: [10, 1] })).toMatchObject({
      output: [27, -1],
      inputGradient: [270, 3],
    });
  });

  it('lays one value beside itself', async () => {
    const layer = { type: 'concatenate', inputs: ['input', 'input'] } as const;
    // One channel each, two, and vectors: the second copy begins behind the first.
    const given = [1, 20, 300, 4000];
    expect(await run([1, 2, 1], [layer], { input: [3, 4], given })).toMatchObject({
      output: [3, 3, 4, 4],
      inputGradient: [21, 4300],
    });
    expect(await run([1, 1, 2], [layer], { input: [3, 4], given })).toMatchObject({
      output: [3, 4, 3, 4],
      inputGradient: [301, 4020],
    });
    expect(await run([2], [layer], { input: [3, 4], given })).toMatchObject({
      output: [3, 4, 3, 4],
      inputGradient: [301, 4020],
    });
    expect(await run([1], [layer], { input: [3], given: [1, 20] })).toMatchObject({
      output: [3, 3],
      inputGradient: [21],
    });
  });

  it('gives no gradient to a branch that the output does not see', async () => {
    const layers = [scale('unread', 'input'), scale('read', 'input')];
    const found = await run([1], layers, { parameters: [2, 3], input: [5] });
    expect(found).toMatchObject({ output: [15], gradients: [0, 5], inputGradient: [3] });
    // The last layer is the output, also where it does not depend on the others at all.
    const relu = { type: 'activation', activation: 'relu', inputs: ['input'] } as const;
    expect(await run([1], [...layers, relu], { parameters: [2, 3], input: [5] })).toMatchObject({
      output: [5],
      gradients: [0, 0],
      inputGradient: [1],
    });
  });

  it('hands on a value that is read as itself and in another shape', async () => {
    const image = { type: 'reshape', shape: [1, 2, 1], name: 'image' } as const;
    const doubled = { type: 'upSampling2d', size: [1, 2], name: 'doubled' } as const;
    const flat = { type: 'flatten', inputs: ['image'], name: 'flat' } as const;
    const sum = { type: 'add', inputs: ['flat', 'input'] } as const;
    // The image also feeds a layer that nobody reads.
    const found = await run([2], [image, doubled, flat, sum], { input: [3, 4], given: [10, 100] });
    expect(found).toMatchObject({ output: [6, 8], inputGradient: [20, 200] });
  });

  it('gives a sum and its inputs apart, where both are read later', async () => {
    // s = x + a·x, y = s·(a·x)
    const sum = { type: 'add', inputs: ['input', 'a'], name: 's' } as const;
    const product = { type: 'multiply', inputs: ['s', 'a'] } as const;
    const found = await run([1], [scale('a'), sum, product], { parameters: [2], input: [5] });
    expect(found).toMatchObject({ output: [150], gradients: [5 * 5 * 5], inputGradient: [2 * 2 * 5 * 3] });
  });
});

describe.each(forms)('a network without parameters in the form %s', (form) => {
  it('runs, and steps without harm', async () => {
    const spec = { name: 'still', input: [2], layers: [{ type: 'activation', activation: 'tanh' }] };
    const { createModel, network } = await load(spec, { inputGradient: true, form });
    expect(network).toMatchObject({ parameterCount: 0, parameters: [] });
    const model = createModel();
    model.initialize(1);
    expect([...model.forward([0, 0.5])]).toEqual([0, expect.closeTo(Math.tanh(0.5), 15)]);
    model.backward([2, 1]);
    model.step(1);
    expect(model.inputGradient[0]).toBe(2);
    expect([model.parameters.length, model.gradients.length]).toEqual([0, 0]);
  });

  it.each([
    [[2, 1, 3], { type: 'flatten' }, [6]],
    [[6], { type: 'reshape', shape: [1, 2, 3] }, [1, 2, 3]],
    [[1, 1, 6], { type: 'activation', activation: 'linear' }, [1, 1, 6]],
  ] as const)('hands an input of %j through a last %j', async (input, layer, outputShape) => {
    const spec = { name: 'view', input, layers: [layer] };
    const { createModel, network } = await load(spec, { inputGradient: true, form });
    expect(network.outputShape).toEqual(outputShape);
    const model = createModel();
    const own = Float64Array.of(1, 2, 3, 4, 5, 6);
    const output = model.forward(own);
    own.fill(0);
    expect([...output]).toEqual([1, 2, 3, 4, 5, 6]);
    expect(model.output).toBe(output);
    model.backward([6, 5, 4, 3, 2, 1]);
    expect([...model.inputGradient]).toEqual([6, 5, 4, 3, 2, 1]);
    model.backward([1, 1, 1, 1, 1, 1]);
    expect([...model.inputGradient]).toEqual([1, 1, 1, 1, 1, 1]);
    expect([...model.output]).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('has the loss of its input', async () => {
    const spec = { input: [1, 1, 2], layers: [{ type: 'flatten' }], loss: 'squaredError' } as const;
    const found = await runOnce(spec, { input: [3, 4], given: [1, 5] }, { form });
    expect(found).toMatchObject({ output: [3, 4], loss: 2.5, inputGradient: [2, -1] });
  });
});
