import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { stages } from '../../../generator/pipeline.ts';
import { readDamaged } from '../mutate.ts';
import { errorOf, importModel, readExpected } from './compare.ts';

// Written by torchModels.py with PyTorch 1.13's exporter, any number of samples; the outputs are PyTorch's own.
const folder = 'test/oracles/onnx';
const names = readdirSync(folder).flatMap((file) => (file.endsWith('.onnx') ? [file.slice(0, -'.onnx'.length)] : []));
const model = (name: string) => readFileSync(join(folder, `${name}.onnx`));
const expected = (name: string) => readExpected(join(folder, `${name}.json`));

describe("models of PyTorch's exporter", () => {
  it('are there', () => expect(names.length).toBeGreaterThan(5));

  for (const name of names) {
    it(`${name} computes what PyTorch computes`, () => {
      expect(errorOf(importModel(model(name)), expected(name))).toBeLessThan(1e-5);
      expect(errorOf(importModel(model(name), { fold: true }), expected(name))).toBeLessThan(1e-5);
    });
  }

  it('become the layers that a person would write', () => {
    const { spec, weights } = importModel(model('cnn'), { loss: 'categoricalCrossentropy' });
    expect(spec).toEqual({
      name: 'net',
      input: [8, 10, 2],
      layers: [
        { type: 'conv2d', filters: 4, kernelSize: 3, padding: 'same', activation: 'relu' },
        { type: 'maxPooling2d', poolSize: 2 },
        { type: 'conv2d', filters: 6, kernelSize: 3, activation: 'relu' },
        { type: 'flatten' },
        { type: 'dense', units: 5, activation: 'softmax' },
      ],
      loss: 'categoricalCrossentropy',
    });
    expect(weights.map(({ name }) => name).slice(0, 2)).toEqual(['conv2d1/kernel', 'conv2d1/bias']);
  });

  it('batch normalisation stays a layer of its own unless it is folded', () => {
    const kinds = (fold: boolean) =>
      (importModel(model('mlp'), { fold }).spec.layers as { type: string }[]).map(({ type }) => type);
    expect(kinds(false)).toContain('batchNormalization');
    expect(kinds(true)).toEqual(['dense', 'dense']);
  });
});

it('damaged models are read or refused, never anything else', () => {
  const runs = Number(process.env.LONGHAND_FUZZ ?? 200);
  const read = (bytes: Uint8Array) => stages.parse(importModel(bytes).spec);
  const tally = readDamaged(model('cnn'), read, runs);
  expect(tally.refused).toBeGreaterThan(runs / 5);
});
