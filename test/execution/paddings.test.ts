import { describe, expect, it } from 'vitest';
import type { Form } from '../../generator/pipeline.ts';
import { forward } from '../../generator/reference/interpreter.ts';
import type { RawLayer } from '../reference/normalize.ts';
import { forms } from './forms.ts';
import { compareGradients } from './gradientsAgree.ts';
import { load, relativeError } from './load.ts';
import { sampleOf } from './sample.ts';

const zeros = (top: number, bottom: number, left: number, right: number) => [
  [top, bottom],
  [left, right],
];

/** Every rule; zeros on single sides, and as many as a window of 3 may meet. */
const paddings = ['valid', 'same', zeros(1, 0, 0, 2), zeros(2, 2, 2, 2)];

const window = { kernelSize: 3, activation: 'tanh' } as const;
const kinds: readonly RawLayer[] = [
  { type: 'conv2d', filters: 2, ...window },
  { type: 'conv2d', filters: 2, flipKernel: true, ...window },
  { type: 'conv2d', filters: 2, groups: 2, ...window },
  { type: 'depthwiseConv2d', depthMultiplier: 2, ...window },
  { type: 'conv2dTranspose', filters: 2, ...window },
  { type: 'maxPooling2d', poolSize: 3 },
  { type: 'averagePooling2d', poolSize: 3 },
];

/** Below, equal to and above the window, hardly one of which divides the image. */
const strides = [[1, 2], [4, 3]] as const; // biome-ignore format: one line

const cases = kinds.flatMap((kind) =>
  paddings.flatMap((padding) => strides.map((pair): RawLayer => ({ ...kind, padding, strides: pair }))),
);

/** Images of one place, where almost every term of a window falls outside. */
const singlePlaces: readonly (readonly RawLayer[])[] = [
  [{ type: 'conv2dTranspose', filters: 2, kernelSize: 2, padding: zeros(0, 1, 0, 0) }],
  [{ type: 'depthwiseConv2d', kernelSize: 2, padding: zeros(1, 0, 0, 1) }],
  [
    { type: 'depthwiseConv2d', kernelSize: 1, useBias: false, padding: zeros(1, 0, 0, 1) },
    { type: 'conv2d', filters: 1, kernelSize: 1 },
  ],
  [{ type: 'conv2d', filters: 2, kernelSize: 3, padding: 'same', flipKernel: true }],
  [{ type: 'averagePooling2d', poolSize: 3, padding: zeros(2, 2, 0, 2), strides: 1 }],
];

/** Fails unless the network has the numbers of the reference and the gradients that its differences show. */
async function expectReference(form: Form, input: readonly number[], layers: readonly RawLayer[]): Promise<void> {
  const spec = { name: 'padded', input, layers };
  const sample = sampleOf(spec, 3);
  const model = (await load(spec, { inputGradient: true, form })).createModel(sample.parameters);
  const expected = forward(sample.network, sample.parameters, sample.input);
  expect(relativeError(model.forward(sample.input), expected)).toBeLessThan(1e-12);
  model.backward(sample.given);
  expect(compareGradients(sample, model)).toMatchObject({ wrong: [], skipped: 0 });
}

describe.each(forms)('windows and paddings in the form %s', (form) => {
  it.each(cases.map((layer) => [JSON.stringify(layer), layer] as const))('agree with the reference: %s', (_, layer) =>
    expectReference(form, [4, 5, 2], [layer]),
  );

  it.each(singlePlaces.map((layers) => [JSON.stringify(layers), layers] as const))(
    'agree with the reference on a single place: %s',
    (_, layers) => expectReference(form, [1, 1, 1], layers),
  );
});
