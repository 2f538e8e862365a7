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

  for (const { name, spec, oneWay } of exportCases) {
    const network = stages.shape(stages.parse({ name: 'net', ...spec }));
    const { parameters, input } = drawSample(network, randomNumbers(7));
    const expected = forward(network, parameters, input);

    it.skipIf(oneWay !== undefined)(`${name}: read back, it computes the same`, () => {
      const { spec: again, weights } = importModel(exportOnnx(network, parameters));
      const back = stages.shape(stages.parse(again));
      expect(back.input).toEqual(network.input);
      const flat = weights.flatMap(({ values }) => Array.from(values));
      expect(relativeError(forward(back, flat, input), expected)).toBeLessThan(2e-6);
    });

    it.skipIf(runtime === undefined)(`${name}: ONNX Runtime computes the same`, async () => {
      const found = await runtime!(exportOnnx(network, parameters), network.input, input);
      expect(relativeError(found, expected)).toBeLessThan(1e-5);
    });
  }

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
