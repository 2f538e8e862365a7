import { expect, test } from 'vitest';
import { layers } from '../../generator/layers/registry.ts';
import { stages } from '../../generator/pipeline.ts';
import { formatProblem, SpecError } from '../../generator/spec/problem.ts';
import { kinds, specOfKind } from '../prove/kinds.ts';

const conv = { type: 'conv2d', name: 'a', filters: 2, kernelSize: 3, padding: 'same', activation: 'elu', alpha: 0.5 };

function shaped(...rest: readonly object[]) {
  return stages.shape(stages.parse({ name: 'shared', input: [6, 6, 2], layers: [conv, ...rest] }));
}

function problemsOf(...rest: readonly object[]): readonly string[] {
  try {
    shaped(...rest);
    return [];
  } catch (error) {
    if (!(error instanceof SpecError)) throw error;
    return error.problems.map((problem) => formatProblem(problem));
  }
}

test('A layer with the weights of another has its options, and those of its own that it states', () => {
  const [a, b, c] = shaped(
    { type: 'conv2d', weightsOf: 'a' },
    { type: 'conv2d', weightsOf: 'a', strides: 2, activation: 'relu' },
  ).layers;
  expect(b).toEqual({ ...a, name: 'conv2d2', inputs: ['a'], weightsOf: 'a' });
  // The number of the other activation does not come along.
  expect(c!.options).toEqual({ ...a!.options, strides: [2, 2], activation: 'relu', alpha: undefined });
});

test('A network without shared weights says nothing of them', () => {
  expect(shaped({ type: 'flatten' }).layers.some((layer) => 'weightsOf' in layer)).toBe(false);
});

test.each([
  [{ type: 'conv2d', weightsOf: 'b' }, 'layers[1].weightsOf: found "b"; expected an earlier layer (a)'],
  [
    { type: 'conv2d', name: 'b', weightsOf: 'b' },
    'layers[1].weightsOf: found "b", the layer itself; expected an earlier layer (a)',
  ],
  [
    { type: 'dense', weightsOf: 'a' },
    'layers[1].weightsOf: found "a", a conv2d; expected an earlier layer of the same type, dense',
  ],
  [
    { type: 'conv1d', weightsOf: 'b' },
    'layers[1].weightsOf: found "b"; expected an earlier layer conv1d; there is none',
  ],
  [
    { type: 'flatten', weightsOf: 'a' },
    'layers[1].weightsOf: found a key that flatten does not have; expected only type, name, inputs',
  ],
  [
    { type: 'conv2d', weightsOf: 3 },
    'layers[1].weightsOf: found 3; expected the name of an earlier layer of the same type',
  ],
  [
    { type: 'conv2d', weightsOf: 'a', filters: 3 },
    'layers[1].weightsOf: found a with kernel [3, 3, 2, 2], bias [2]; expected a layer with kernel [3, 3, 2, 3], bias [3]',
  ],
  [
    { type: 'conv2d', weightsOf: 'a', useBias: false },
    'layers[1].weightsOf: found a with kernel [3, 3, 2, 2], bias [2]; expected a layer with kernel [3, 3, 2, 2]',
  ],
  [
    { type: 'conv2d', weightsOf: 'a', theta: 3 },
    'layers[1].theta: found 3 beside activation "elu"; expected no theta here: it belongs to activation thresholdedRelu, hardShrink, softShrink',
  ],
])('%j is refused with the place and what would be right', (layer, problem) => {
  expect(problemsOf(layer)).toEqual([problem]);
});

test('Weights are shared with their owner, not with another that shares them', () => {
  expect(problemsOf({ type: 'conv2d', name: 'b', weightsOf: 'a' }, { type: 'conv2d', weightsOf: 'b' })).toEqual([
    'layers[2].weightsOf: found "b", which itself has the weights of "a"; expected the layer that they belong to: "a"',
  ]);
});

test.each(Object.entries(layers))('The layer %s says whether it has parameters', (kind, definition) => {
  const spec = specOfKind(kinds[kind as keyof typeof kinds]) as {
    readonly layers: readonly { readonly type: string }[];
  };
  const network = stages.shape(stages.parse(spec));
  const { parameters } = stages.equations(network, {});
  const names = network.layers.filter(({ type }) => type === kind).map(({ name }) => name);
  const own = parameters.filter(({ name }) => names.some((one) => name.startsWith(`${one}/`)));
  expect(definition.hasParameters ?? false).toBe(own.length > 0);
});
