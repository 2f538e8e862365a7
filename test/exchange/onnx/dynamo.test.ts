import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { errorOfEnds, importModel } from './compare.ts';

// Written by dynamoNetworks.py: graphs as PyTorch's second exporter writes them, any number of samples; PyTorch's numbers.
const folder = 'test/oracles/onnx/dynamo';
const names = readdirSync(folder).flatMap((file) => (file.endsWith('.onnx') ? [file.slice(0, -'.onnx'.length)] : []));
const model = (name: string) => readFileSync(join(folder, `${name}.onnx`));
const kinds = (name: string) => (importModel(model(name)).spec.layers as { type: string }[]).map(({ type }) => type);

describe("graphs of PyTorch's second exporter", () => {
  it('are eighteen', () => expect(names).toHaveLength(18));

  for (const name of names) {
    it(`${name} computes what PyTorch computes`, () => {
      expect(errorOfEnds(importModel(model(name)), join(folder, `${name}.json`))).toBeLessThan(1e-6);
      expect(errorOfEnds(importModel(model(name), { fold: true }), join(folder, `${name}.json`))).toBeLessThan(1e-6);
    });
  }

  it('a local response normalisation in pieces is one', () => {
    expect(kinds('dynamo_local_norm')).toEqual(['conv2d', 'localResponseNormalization', 'maxPooling2d']);
  });

  it('parts of a sequence are slices', () => {
    expect(kinds('dynamo_shufflenet').filter((kind) => kind === 'slice')).toHaveLength(2);
  });

  it('branches within functions are taken, and of functions of one name the one that is called', () => {
    const { layers } = importModel(model('dynamo_library')).spec as { layers: { activation?: string }[] };
    const activations = layers.flatMap(({ activation }) => activation ?? []);
    expect(activations).toEqual(['relu', 'tanh', 'softmax']);
  });

  it('inputs and outputs keep their names', () => {
    const { spec } = importModel(model('dynamo_ends'));
    expect(spec.input).toEqual({ x: [6, 6, 2], speed: [3] });
    expect(Object.keys(spec.outputs as object)).toEqual(['softmax_13', 'gemm_12']);
  });
});
