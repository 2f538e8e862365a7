import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { modelType } from '../../../generator/exchange/onnx/schema.ts';
import { encodeMessage } from '../../../generator/exchange/protobuf.ts';
import { errorOf, importModel, readExpected } from './compare.ts';
import { integers, modelOf } from './graphs.ts';

// Written by torchArchitectures.py (functions_: modules as functions of the model; fixed_: one sample, opset 11) and by
// dynamoModels.py; the outputs are PyTorch's own.
const folder = 'test/oracles/onnx/architectures';
const names = readdirSync(folder).flatMap((file) => (file.endsWith('.onnx') ? [file.slice(0, -'.onnx'.length)] : []));
const refused: Readonly<Record<string, RegExp>> = {
  gru: /node '\/r\/GRU' \(GRU\): found an operator that longhand has no layer for/,
  lstm: /node '\/r\/LSTM' \(LSTM\): found an operator that longhand has no layer for/,
  conv3d: /found 5 axes; expected .* longhand has no 3-D layers/,
};
const read = (name: string) => importModel(readFileSync(join(folder, `${name}.onnx`)));

describe('architectures out of PyTorch', () => {
  it('are more than forty', () => expect(names.length).toBeGreaterThan(45));

  for (const name of names.filter((one) => !Object.hasOwn(refused, one))) {
    it(`${name} computes what PyTorch computes`, () => {
      expect(errorOf(read(name), readExpected(join(folder, `${name}.json`)))).toBeLessThan(1e-5);
    });
  }

  for (const [name, message] of Object.entries(refused)) {
    it(`${name} is refused by name`, () => expect(() => read(name)).toThrow(message));
  }
});

describe('what other exporters write', () => {
  const model = (opset: number, initializer: readonly object[], node: readonly object[], size: readonly number[]) => {
    const info = (name: string) => ({
      name,
      type: { tensorType: { elemType: 1, shape: { dim: size.map((value) => ({ value })) } } },
    });
    const graph = { node, initializer, input: [info('x')], output: [info('y')] };
    return encodeMessage({ irVersion: 8, graph, opsetImport: [{ version: opset }] }, modelType);
  };

  it('weights of any size as a list of floats', () => {
    const floatData = Array.from({ length: 60_000 }, (_, n) => n % 7);
    const weight = { name: 'w', dims: [300, 200], dataType: 1, floatData };
    const gemm = { input: ['x', 'w'], output: ['y'], opType: 'MatMul', attribute: [] };
    const { weights } = importModel(model(17, [weight], [gemm], [1, 300]));
    expect(Array.from(weights[0]!.values)).toEqual(floatData);
  });

  it('before opset 7 an axis says where a constant belongs', () => {
    const bias = { name: 'b', dims: [2], dataType: 1, floatData: [1, 2] };
    const attribute = [
      { name: 'axis', i: 1, ints: [], floats: [], strings: [] },
      { name: 'broadcast', i: 1, ints: [], floats: [], strings: [] },
    ];
    const add = { input: ['x', 'b'], output: ['y'], opType: 'Add', attribute };
    const imported = importModel(model(6, [bias], [add], [1, 2, 1, 3]));
    const error = errorOf(imported, {
      input: [0, 0, 0, 0, 0, 0],
      inputShape: [2, 1, 3],
      output: [1, 1, 1, 2, 2, 2],
      outputShape: [2, 1, 3],
    });
    expect(error).toBe(0);
  });

  it('a reshape of what lies channels last goes by way of the order of the model', () => {
    const shape = { name: 's', dims: [3], dataType: 7, int64Data: [1, 4, 3] };
    const reshape = { input: ['x', 's'], output: ['y'], opType: 'Reshape', attribute: [] };
    const numbers = Array.from({ length: 12 }, (_, n) => n);
    const sample = { input: numbers, inputShape: [3, 4], output: numbers, outputShape: [4, 3] };
    expect(errorOf(importModel(model(17, [shape], [reshape], [1, 3, 4])), sample)).toBe(0);
  });

  it('samples that move from the first axis are refused', () => {
    const transpose = { op: 'Transpose', inputs: ['x'], attributes: { perm: [1, 0, 2] } };
    const bytes = modelOf({ nodes: [transpose], inputs: { x: ['N', 2, 3] } });
    expect(() => importModel(bytes)).toThrow(/expected the samples to stay first/);
  });

  it('a part of the samples is refused, and what takes all of them is not', () => {
    const slice = (ends: number, step: number) => {
      const weights = { starts: integers(0), ends: integers(ends), axes: integers(0), steps: integers(step) };
      const nodes = [{ op: 'Slice', inputs: ['x', ...Object.keys(weights)] }];
      return () => importModel(modelOf({ nodes, inputs: { x: ['N', 3] }, weights }));
    };
    expect(slice(1, 1)).toThrow(/a part of the samples/);
    expect(slice(2 ** 40, -1)).toThrow(/a part of the samples/);
    expect(slice(2 ** 40, 1)).not.toThrow();
  });
});
