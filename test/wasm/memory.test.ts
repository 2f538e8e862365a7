import { expect, it } from 'vitest';
import { sizeOf } from '../../generator/equations/tensor.ts';
import { randomNumbers } from '../execution/randomNumbers.ts';
import { sampleOf } from '../execution/sample.ts';
import { assembleSpec, loadWasm, planWasm, type WasmModel } from './loadWasm.ts';

/** Odd sizes, so that nearly every array ends before the next one begins. */
const base = { name: 'guarded', input: [5, 7, 3], loss: 'squaredError', optimizer: { type: 'adam' } };

const networks = {
  convolutions: {
    ...base,
    layers: [
      { type: 'conv2d', filters: 5, kernelSize: 3, padding: 'same', activation: 'tanh' },
      {
        type: 'maxPooling2d',
        poolSize: 2,
        strides: 1,
        padding: [
          [1, 0],
          [0, 1],
        ],
      },
      { type: 'depthwiseConv2d', kernelSize: [3, 2], strides: 2, padding: 'same' },
      { type: 'flatten' },
      { type: 'dense', units: 7, activation: 'softmax' },
    ],
  },
  oneChannel: {
    ...base,
    input: [5, 11, 1],
    layers: [
      { type: 'conv2d', filters: 1, kernelSize: [3, 2], padding: 'same', flipKernel: true },
      { type: 'averagePooling2d', poolSize: 3, strides: 2, padding: 'same' },
      { type: 'conv2dTranspose', filters: 1, kernelSize: 3, strides: 2 },
      { type: 'globalMaxPooling2d' },
    ],
  },
  merges: {
    ...base,
    layers: [
      { type: 'conv2d', filters: 6, kernelSize: 1, name: 'a' },
      { type: 'conv2d', inputs: ['input'], filters: 6, kernelSize: 3, padding: 'same', dilationRate: 2, name: 'b' },
      { type: 'add', inputs: ['a', 'b'] },
      { type: 'maxPooling2d', poolSize: 3, strides: 2, ties: 'all' },
      { type: 'upSampling2d', size: 2 },
      { type: 'batchNormalization' },
      { type: 'activation', activation: 'gelu' },
    ],
  },
};

/** A NaN whose bits no computation makes: whoever reads it spreads it, whoever writes over it is seen. */
const sentinel = 0x7fc5_a5a5;

it.each(Object.entries(networks))('%s: nothing between and behind the arrays is written or read', async (_, spec) => {
  const { createModel } = await loadWasm(spec);
  const [plain, guarded] = [createModel(), createModel()];
  const gaps = gapsOf(spec, guarded.parameters.buffer.byteLength);
  expect(gaps.length).toBeGreaterThan(4);
  const words = new Uint32Array(guarded.parameters.buffer);
  for (const word of gaps) words[word] = sentinel;
  expect(everything(guarded, spec)).toEqual(everything(plain, spec));
  expect(gaps.filter((word) => words[word] !== sentinel)).toEqual([]);
});

it('sees a byte that is written behind the arrays', async () => {
  const spec = networks.oneChannel;
  const { buffer } = (await loadWasm(spec)).createModel().parameters;
  const words = new Uint32Array(buffer);
  const gaps = gapsOf(spec, buffer.byteLength);
  for (const word of gaps) words[word] = sentinel;
  const { memory } = assembleSpec(spec);
  new Uint8Array(buffer)[memory.bytes] = 1;
  expect(gaps.filter((word) => words[word] !== sentinel)).toEqual([memory.bytes / 4]);
});

it.each(Object.entries(networks))('%s: arrays begin at multiples of 16 and share no byte', (_, spec) => {
  const arrays = arraysOf(spec).sort((a, b) => a.start - b.start);
  for (const [n, { start, end }] of arrays.entries()) {
    expect(start % 16).toBe(0);
    expect(end).toBeLessThanOrEqual(arrays[n + 1]?.start ?? assembleSpec(spec).memory.bytes);
  }
});

/** Every array of the memory, in bytes. */
function arraysOf(spec: unknown): { readonly start: number; readonly end: number }[] {
  const { program } = planWasm(spec);
  const { memory } = assembleSpec(spec);
  const { offsets, lengths, batch, batchInputs, batchOutputs, batchTargets } = memory;
  const single = [...lengths].map(([tensor, bytes]) => {
    const start = offsets.get(tensor)!;
    return { start, end: start + bytes };
  });
  const many = (start: number, size: number) => ({ start, end: start + batch * size * 4 });
  const outputs = sizeOf(program.output);
  return [
    ...single,
    many(batchInputs, sizeOf(program.input)),
    many(batchOutputs, outputs),
    many(batchTargets, outputs),
  ];
}

/** Every word that belongs to no array. */
function gapsOf(spec: unknown, bytes: number): number[] {
  const arrays = arraysOf(spec);
  const used = new Uint8Array(bytes / 4);
  for (const { start, end } of arrays) used.fill(1, start / 4, end / 4);
  return Array.from(used.keys()).filter((word) => used[word] === 0);
}

/** What every method gives, one after the other. */
function everything(model: WasmModel, spec: unknown): unknown {
  const { parameters, input, given } = sampleOf(spec, 3);
  const count = 35;
  const [inputs, givens] = [input, given].map((one, n) => randomNumbers(count * one.length, n)) as [number[], number[]];
  model.parameters.set(parameters);
  const results: unknown[] = [Array.from(model.forward(input)), model.backward(given)];
  results.push(Array.from(model.gradients), Array.from(model.inputGradient));
  model.step(0.01);
  results.push(Array.from(model.forwardBatch(inputs, count)), model.trainBatch(inputs, givens, count, 0.01));
  results.push(Array.from(model.parameters), Array.from(model.gradients));
  model.initialize(1);
  results.push(Array.from(model.parameters));
  return results;
}
