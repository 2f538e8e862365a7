import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Imported } from '../../../generator/exchange/imported.ts';
import { importKeras } from '../../../generator/exchange/keras/importKeras.ts';
import { readH5, readKeras } from '../../../generator/exchange/keras/readH5.ts';
import { readTfjs } from '../../../generator/exchange/tfjs/readTfjs.ts';
import { readDamaged } from '../mutate.ts';

// Written by kerasModels.py with h5py.
const file = (ending: string) => readFileSync(`test/oracles/keras/small.${ending}`);
const weights = JSON.parse(file('json').toString()) as Record<string, unknown[]>;
const flat = (name: string) => (weights[name] as unknown[]).flatMap((array) => [array].flat(4) as number[]);

const spec = {
  name: 'small',
  input: [8, 8, 2],
  layers: [
    { type: 'conv2d', filters: 4, kernelSize: 3, strides: 2, padding: 'same' },
    { type: 'batchNormalization' },
    { type: 'activation', activation: 'relu6' },
    { type: 'depthwiseConv2d', kernelSize: 2, padding: 'same', useBias: false, activation: 'hardSigmoid', alpha: 0.2 },
    { type: 'add', inputs: ['activation1', 'depthwiseConv2d1'] },
    { type: 'averagePooling2d', poolSize: 2 },
    { type: 'flatten' },
    { type: 'dense', units: 3, activation: 'softmax' },
  ],
};

function expectSmall(imported: Imported): void {
  expect(imported.spec).toEqual(spec);
  const found = imported.weights.flatMap(({ values }) => Array.from(values));
  expect(found).toEqual(['first', 'norm', 'depth', 'scores'].flatMap(flat));
}

/** The same model as TensorFlow.js saves it: the configuration in JSON, the numbers in shards. */
function tfjs(): { readonly json: Uint8Array; readonly shards: ReadonlyMap<string, Uint8Array> } {
  const names = {
    first: ['kernel', 'bias'],
    norm: ['gamma', 'beta', 'moving_mean', 'moving_variance'],
    depth: ['depthwise_kernel'],
    scores: ['kernel', 'bias'],
  };
  const shapes = new Map<string, number[]>();
  const numbers: number[] = [];
  for (const [layer, kinds] of Object.entries(names)) {
    for (const [n, kind] of kinds.entries()) {
      const array = weights[layer]![n];
      const shape: number[] = [];
      for (let inner = array; Array.isArray(inner); inner = inner[0]) shape.push(inner.length);
      shapes.set(`${layer}/${kind}`, shape);
      numbers.push(...([array].flat(4) as number[]));
    }
  }
  const bytes = new Uint8Array(Float32Array.from(numbers).buffer);
  const topology = JSON.parse(String(readH5Config())) as unknown;
  const manifest = [
    { paths: ['a.bin', 'b.bin'], weights: [...shapes].map(([name, shape]) => ({ name, shape, dtype: 'float32' })) },
  ];
  const json = new TextEncoder().encode(
    JSON.stringify({ format: 'layers-model', modelTopology: topology, weightsManifest: manifest }),
  );
  return {
    json,
    shards: new Map([
      ['a.bin', bytes.subarray(0, 101)],
      ['b.bin', bytes.subarray(101)],
    ]),
  };
}

/** The configuration stands in the file as text. */
function readH5Config(): string {
  const text = file('h5').toString('latin1');
  const begin = text.indexOf('{"class_name": "Functional"');
  const end = text.indexOf('\0', begin);
  return text.slice(begin, end < 0 ? undefined : end);
}

describe('models of Keras and TensorFlow.js', () => {
  it('.h5 of Keras 2', () => expectSmall(importKeras(readH5(file('h5')), { name: 'small' })));

  it('.keras, with deflated and shuffled weights', () =>
    expectSmall(importKeras(readKeras(file('keras')), { name: 'small' })));

  it('model.json with its shards', () => {
    const { json, shards } = tfjs();
    expectSmall(
      importKeras(
        readTfjs(json, (path) => shards.get(path)!),
        { name: 'small' },
      ),
    );
  });

  it('--fold makes the norm part of the convolution', () => {
    const { spec: folded } = importKeras(readH5(file('h5')), { name: 'small', fold: true });
    expect((folded.layers as { type: string }[]).map(({ type }) => type)).not.toContain('batchNormalization');
  });

  it('every layer that cannot be expressed is named', () => {
    const { json, shards } = tfjs();
    const text = new TextDecoder()
      .decode(json)
      .replace('"Dropout"', '"LSTM"')
      .replace('"AveragePooling2D"', '"MyPool"');
    const read = () =>
      importKeras(
        readTfjs(new TextEncoder().encode(text), (path) => shards.get(path)!),
        { name: 'small' },
      );
    expect(read).toThrow("layer 'pool' (MyPool): found a layer 'MyPool'; expected a layer that longhand has");
  });

  it('a file of weights alone says what is missing', () => {
    expect(() => readKeras(file('h5'))).toThrow('expected a whole zip archive');
    expect(() => readH5(file('keras'))).toThrow('expected an HDF5 file');
  });

  const runs = Number(process.env.LONGHAND_FUZZ ?? 150);
  for (const [ending, read] of [
    ['h5', readH5],
    ['keras', readKeras],
  ] as const) {
    it(`damaged .${ending} files are read or refused, never anything else`, () => {
      const tally = readDamaged(file(ending), (bytes) => importKeras(read(bytes), { name: 'small' }), runs);
      expect(tally.refused).toBeGreaterThan(runs / 10);
    });
  }
});
