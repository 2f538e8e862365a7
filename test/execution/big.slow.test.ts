import { beforeAll, expect, it } from 'vitest';
import { randomNumbers } from '../../generator/check/random.ts';
import { drawSample, type Sample } from '../../generator/check/sample.ts';
import { generate } from '../../generator/index.ts';
import { stages } from '../../generator/pipeline.ts';
import { differentiate } from '../../generator/reference/finiteDifferences.ts';
import { forward, loss, parameterShapes } from '../../generator/reference/interpreter.ts';
import { elementCount } from '../../generator/reference/tensor.ts';
import { policy } from '../../generator/schedule/policy.ts';
import { bytecodeOf, namesIn } from './askV8.ts';
import { type AnyModel, loadText, relativeError } from './load.ts';

/** 6.6 million products forward, 87,018 parameters: near the largest that longhand is made for. */
const spec = {
  name: 'big',
  input: [64, 64, 3],
  layers: [
    { type: 'conv2d', filters: 16, kernelSize: 3, padding: 'same', activation: 'relu' },
    { type: 'maxPooling2d' },
    { type: 'conv2d', filters: 32, kernelSize: 3, padding: 'same', activation: 'relu' },
    { type: 'maxPooling2d' },
    { type: 'flatten' },
    { type: 'dense', units: 10, activation: 'softmax' },
  ],
  loss: 'categoricalCrossentropy',
};

const network = stages.parse(spec);
const sample = drawSample(network, randomNumbers(3));
const text = generate(spec, { inputGradient: true })[0]!.content;

let model: AnyModel;
let lossFound: number;
beforeAll(async () => {
  model = (await loadText(text)).createModel(sample.parameters);
  model.forward(sample.input);
  lossFound = model.backward(sample.given);
});

it('is written in loops, in a file of less than a megabyte', () => {
  expect(text).toMatch(/^\/\/ MACs +6,569,984 /m);
  expect(text).toMatch(/^\/\/ form +fast: /m);
  expect(Buffer.byteLength(text)).toBeLessThan(1e6);
});

it('has the output and the loss of the reference', () => {
  const { parameters, input, given } = sample;
  expect(relativeError(model.output, forward(network, parameters, input))).toBeLessThan(1e-12);
  expect(relativeError([lossFound], [loss(network, parameters, input, given)])).toBeLessThan(1e-12);
});

/** So short that hardly one of 98,304 sums meets a kink within it; rounding then costs about eight of 16 digits. */
const step = 2 ** -22;

/** Of the sum of |u·g|: a single wrong number among the 82,000 of a kernel shows. */
const tolerance = 1e-6;

/** Each tensor of the sample that has a gradient, with that gradient. */
const variables = [
  ...parameterShapes(network).map(({ name, shape, offset }) => ({
    name,
    of: 'parameters' as const,
    gradient: () => model.gradients.subarray(offset, offset + elementCount(shape)),
    offset,
  })),
  { name: 'input', of: 'input' as const, gradient: () => model.inputGradient, offset: 0 },
];

it.each(variables)('has the slope of the reference along a random direction of $name', ({ of, gradient, offset }) => {
  const found = gradient();
  const random = randomNumbers(5);
  const direction = Float64Array.from(found, () => 2 * random() - 1);
  const along = (sum: (product: number) => number) => found.reduce((total, g, n) => total + sum(g * direction[n]!), 0);
  const { values, errors } = differentiate(([t]) => lossAt(move(sample, of, offset, direction, t!)), [0], step);
  const scale = along(Math.abs);
  expect(errors[0]! / scale).toBeLessThan(tolerance);
  expect(Math.abs(along(Number) - values[0]!) / scale).toBeLessThan(tolerance);
});

/** A sample with one of its tensors, which begins at `offset`, moved by t along a direction. */
function move(from: Sample, of: 'parameters' | 'input', offset: number, direction: Float64Array, t: number): Sample {
  const moved = from[of].slice();
  for (const [n, u] of direction.entries()) moved[offset + n]! += t * u;
  return { ...from, [of]: moved };
}

function lossAt({ parameters, input, given }: Sample): number {
  return loss(network, parameters, input, given);
}

it('has no function that is too long for V8 to optimise', async () => {
  const bytecode = await bytecodeOf(text);
  const perLayer = namesIn(text).filter((name) => /^(forward|backward)_/.test(name));
  expect(perLayer.length).toBeGreaterThan(8);
  expect([...bytecode.keys()]).toEqual(expect.arrayContaining([...perLayer, 'step']));
  expect(Math.max(...bytecode.values())).toBeLessThan(policy.bytecodeLimit);
});
