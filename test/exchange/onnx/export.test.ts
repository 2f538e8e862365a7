import { describe, expect, it } from 'vitest';
import { randomNumbers } from '../../../generator/check/random.ts';
import { drawSample } from '../../../generator/check/sample.ts';
import { exportOnnx } from '../../../generator/exchange/onnx/export/exportOnnx.ts';
import { stages } from '../../../generator/pipeline.ts';
import { forward } from '../../../generator/reference/interpreter.ts';
import { relativeError } from '../../execution/load.ts';
import { importModel } from './compare.ts';
import { exportCases, kindsWithoutCase } from './exportCases.ts';
import { onnxRuntime } from './onnxRuntime.ts';

const runtime = await onnxRuntime();

describe('export to ONNX', () => {
  it('has a case for every layer', () => expect(kindsWithoutCase()).toEqual([]));

  for (const { name, spec, oneWay, otherWeights } of exportCases) {
    const network = stages.shape(stages.parse({ name: 'net', ...spec }));
    const { parameters, input } = drawSample(network, randomNumbers(7));
    const expected = forward(network, parameters, input);

    it.skipIf(oneWay !== undefined)(`${name}: read back, it has the bits of its weights and computes the same`, () => {
      const { spec: again, weights } = importModel(exportOnnx(network, parameters));
      const back = stages.shape(stages.parse(again));
      expect(back.input).toEqual(network.input);
      const flat = weights.flatMap(({ values }) => Array.from(values));
      if (otherWeights === undefined) expect(flat).toEqual([...parameters]);
      expect(relativeError(forward(back, flat, input), expected)).toBeLessThan(1e-7);
    });

    it.skipIf(runtime === undefined)(`${name}: ONNX Runtime computes the same`, async () => {
      const feeds = { input: { shape: network.input, values: input } };
      const found = await runtime!(exportOnnx(network, parameters), feeds);
      expect(relativeError(Object.values(found)[0]!, expected)).toBeLessThan(1e-5);
    });
  }

  describe('several inputs and outputs', () => {
    const network = stages.shape(
      stages.parse({
        name: 'net',
        input: { image: [5, 6, 2], relu_1: [3] },
        layers: [
          { type: 'conv2d', name: 'features', inputs: ['image'], filters: 4, kernelSize: 3, activation: 'relu' },
          { type: 'globalAveragePooling2d' },
          { type: 'concatenate', name: 'both', inputs: ['globalAveragePooling2d1', 'relu_1'] },
          { type: 'dense', name: 'digit', units: 3, activation: 'softmax' },
          { type: 'dense', inputs: ['both'], units: 2 },
        ],
        outputs: { digit: { loss: 'categoricalCrossentropy' }, dense2: {}, features: {} },
      }),
    );
    const { parameters, input } = drawSample(network, randomNumbers(7));
    const expected = forward(network, parameters, input);

    it('keep their names on the way out and in', () => {
      const { spec, weights } = importModel(exportOnnx(network, parameters));
      expect(spec.input).toEqual({ image: [5, 6, 2], relu_1: [3] });
      expect(Object.keys(spec.outputs as object)).toEqual(['digit', 'dense2', 'features']);
      const back = stages.shape(stages.parse(spec));
      const flat = weights.flatMap(({ values }) => Array.from(values));
      expect(flat.toSorted()).toEqual([...parameters].toSorted());
      expect(relativeError(forward(back, flat, input), expected)).toBeLessThan(1e-6);
    });

    it.skipIf(runtime === undefined)('ONNX Runtime computes the same', async () => {
      const feeds = {
        image: { shape: [5, 6, 2], values: input.slice(0, 60) },
        relu_1: { shape: [3], values: input.slice(60) },
      };
      const found = await runtime!(exportOnnx(network, parameters), feeds);
      const flat = ['digit', 'dense2', 'features'].flatMap((name) => Array.from(found[name]!));
      expect(relativeError(flat, expected)).toBeLessThan(1e-5);
    });

    it('channels first on request', () => {
      const { spec, inputs } = importModel(exportOnnx(network, parameters, { layout: 'nchw' }));
      expect(spec.input).toEqual({ image: [5, 6, 2], relu_1: [3] });
      expect(inputs[0]!.dims).toEqual([1, 2, 5, 6]);
    });
  });

  it('channels first on request', () => {
    const network = stages.shape(
      stages.parse({ name: 'net', input: [4, 5, 2], layers: [{ type: 'conv2d', filters: 3, kernelSize: 3 }] }),
    );
    const { parameters, input } = drawSample(network, randomNumbers(7));
    const { spec, weights } = importModel(exportOnnx(network, parameters, { layout: 'nchw' }));
    expect(spec.input).toEqual([4, 5, 2]);
    expect(weights.flatMap(({ values }) => Array.from(values))).toEqual([...parameters]);
    const back = stages.shape(stages.parse(spec));
    expect([...forward(back, parameters, input)]).toEqual([...forward(network, parameters, input)]);
  });

  it('the weights keep their bits on the way out and in', () => {
    const spec = {
      input: [6, 6, 2],
      layers: [
        { type: 'conv2d', filters: 4, kernelSize: 3, activation: 'relu' },
        { type: 'depthwiseConv2d', kernelSize: 2 },
        { type: 'batchNormalization' },
        { type: 'maxPooling2d' },
        { type: 'flatten' },
        { type: 'dense', units: 3, activation: 'softmax' },
      ],
    };
    const network = stages.shape(stages.parse({ name: 'net', ...spec }));
    const { parameters } = drawSample(network, randomNumbers(3));
    const { spec: back, weights } = importModel(exportOnnx(network, parameters));
    expect(back.layers).toEqual([
      { type: 'conv2d', filters: 4, kernelSize: 3, activation: 'relu' },
      { type: 'depthwiseConv2d', kernelSize: 2 },
      { type: 'batchNormalization', epsilon: 0.001 },
      { type: 'maxPooling2d', poolSize: 2 },
      { type: 'flatten' },
      { type: 'dense', units: 3, activation: 'softmax' },
    ]);
    expect(weights.flatMap(({ values }) => Array.from(values))).toEqual([...parameters]);
  });
});
