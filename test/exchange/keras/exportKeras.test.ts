import { describe, expect, it } from 'vitest';
import { randomNumbers } from '../../../generator/check/random.ts';
import { drawSample } from '../../../generator/check/sample.ts';
import { exportKeras } from '../../../generator/exchange/keras/export/exportKeras.ts';
import { importKeras } from '../../../generator/exchange/keras/importKeras.ts';
import { readTfjs } from '../../../generator/exchange/tfjs/readTfjs.ts';
import { stages } from '../../../generator/pipeline.ts';
import { forward } from '../../../generator/reference/interpreter.ts';
import { SpecError } from '../../../generator/spec/problem.ts';
import { relativeError } from '../../execution/load.ts';
import { exportCases } from '../onnx/exportCases.ts';
import { tensorflow } from './tfjs.ts';

const run = await tensorflow();
const drawn = exportCases.map(({ name, spec }, n) => {
  const network = stages.shape(stages.parse({ name: 'net', ...spec }));
  const { parameters, input } = drawSample(network, randomNumbers(n + 1));
  return {
    name,
    network,
    input,
    parameters,
    files: filesOf(() => exportKeras(network, Float64Array.from(parameters))),
  };
});

function filesOf<T>(write: () => T): T | SpecError {
  try {
    return write();
  } catch (error) {
    if (error instanceof SpecError) return error;
    throw error;
  }
}

/** What TensorFlow.js' layers lack of Keras, or compute in a way of their own: elu's alpha, the places of a bilinear mean. */
const withoutTfjs =
  /Group|Resizing|"groups": [2-9]|"(?:log_softmax|gelu|silu|celu|log_sigmoid|hard_swish|exponential)"|"Subtract"|"bilinear"|"causal"|"alpha": 0.3/;

describe('export to Keras', () => {
  it('two thirds of the cases are layers of Keras too; the others are refused by name', () => {
    const refused = drawn.filter(({ files }) => files instanceof SpecError);
    expect(refused.length).toBeLessThan(drawn.length / 2);
    for (const { files } of refused) expect((files as SpecError).message).toMatch(/found .*expected /s);
  });

  for (const { name, network, input, parameters, files } of drawn) {
    if (files instanceof SpecError) continue;
    const [python, json, bin] = files.map(({ content }) => content) as [string, string, Uint8Array];
    const expected = forward(network, parameters, input);

    it(`${name}: read back, it computes the same`, () => {
      const imported = importKeras(
        readTfjs(Buffer.from(json), () => bin),
        { name: 'net' },
      );
      const again = stages.shape(stages.parse(imported.spec));
      const flat = imported.weights.flatMap(({ values }) => Array.from(values));
      expect(flat).toEqual([...parameters]);
      expect(relativeError(forward(again, flat, input), expected)).toBeLessThan(1e-6);
      expect(python).toContain('from keras import Input, Model, layers');
    });

    it.skipIf(run === undefined || withoutTfjs.test(json))(`${name}: TensorFlow.js computes the same`, async () => {
      const { data, shape } = await run!(JSON.parse(json), bin, network.input, input);
      expect(shape).toEqual(network.shapes.at(-1));
      expect(relativeError(data, expected)).toBeLessThan(1e-5);
    });
  }
});
