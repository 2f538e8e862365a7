import { describe, expect, it } from 'vitest';
import { activationNames } from '../../generator/layers/options.ts';
import { load } from '../execution/load.ts';
import { sampleOf } from '../execution/sample.ts';
import { loadWasm } from './loadWasm.ts';
import { inFloat32, type Numbers, type Outcome, outcomeOf, tensors } from './rounding.ts';

const image = [5, 6, 5];
const networkOf = (layer: object, input: readonly number[], loss?: string) => ({
  name: 'special',
  input,
  layers: [layer],
  ...(loss && { loss }),
});

const activations = activationNames.map((activation) => [
  activation,
  networkOf({ type: 'activation', activation }, [9]),
]) as [string, object][];

/** Layers without zeros around them: what is multiplied by a zero of a border is NaN or not as the layout happens to be. */
const layers: [string, object][] = [
  ['conv2d', networkOf({ type: 'conv2d', filters: 5, kernelSize: 3 }, image)],
  ['conv2dTranspose', networkOf({ type: 'conv2dTranspose', filters: 5, kernelSize: 3, strides: 2 }, image)],
  ['depthwiseConv2d', networkOf({ type: 'depthwiseConv2d', kernelSize: 3 }, image)],
  ['dense', networkOf({ type: 'dense', units: 5 }, [7])],
  ['averagePooling2d', networkOf({ type: 'averagePooling2d', padding: 'same' }, image)],
  ['globalAveragePooling2d', networkOf({ type: 'globalAveragePooling2d' }, image)],
  ['batchNormalization', networkOf({ type: 'batchNormalization' }, image)],
  ['multiply', networkOf({ type: 'multiply', inputs: ['input', 'input'] }, image)],
  ['upSampling2d', networkOf({ type: 'upSampling2d' }, image)],
  ['softmax', networkOf({ type: 'dense', units: 5, activation: 'softmax' }, [7], 'categoricalCrossentropy')],
  ['sigmoid', networkOf({ type: 'dense', units: 5, activation: 'sigmoid' }, [7], 'binaryCrossentropy')],
];

const specials = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];

describe('NaN and ±∞ come out as in the fast form', () => {
  it.each([...activations, ...layers])('through %s', async (_, spec) => {
    const numbers = inFloat32(sampleOf(spec, 5));
    const [wasm, fast] = [
      (await loadWasm(spec)).createModel(),
      (await load(spec, { form: 'fast', inputGradient: true })).createModel(),
    ];
    for (const special of specials) {
      for (const [place, poisoned] of placesOf(numbers, special)) {
        const [found, expected] = [outcomeOf(wasm, poisoned), outcomeOf(fast, poisoned)];
        expect(kindsOf(found), `${special} at ${place}`).toEqual(kindsOf(expected));
      }
    }
  });
});

describe('a maximum is NaN where one of its numbers is', () => {
  it.each([
    ['a vector of windows', { type: 'maxPooling2d' }, image],
    ['a window alone', { type: 'maxPooling2d' }, [4, 4, 1]],
    ['all ties', { type: 'maxPooling2d', ties: 'all' }, image],
    ['zeros around it', { type: 'maxPooling2d', poolSize: 3, strides: 1, padding: 'same' }, image],
    ['the whole image', { type: 'globalMaxPooling2d' }, image],
  ])('%s', async (_, layer, input) => {
    const { network, createModel } = await loadWasm(networkOf(layer, input));
    const model = createModel();
    const { input: plain } = inFloat32(sampleOf(networkOf(layer, input), 5));
    const before = Array.from(model.forward(plain));
    for (let at = 0; at < plain.length; at++) {
      // A larger number at the same place changes exactly the maxima whose window holds it.
      const reached = Array.from(model.forward(plain.with(at, 9))).map((value, n) => value !== before[n]);
      const isLost = Array.from(model.forward(plain.with(at, Number.NaN))).map((value) => Number.isNaN(value));
      expect(isLost, `NaN at ${at} of ${network.inputShape}`).toEqual(reached);
    }
  });
});

/** A special value at every third place of everything. */
function placesOf(numbers: Numbers, special: number): [string, Numbers][] {
  return (['parameters', 'input', 'given'] as const).flatMap((kind) =>
    numbers[kind].flatMap((_, at): [string, Numbers][] =>
      at % 3 === 0 ? [[`${kind}[${at}]`, { ...numbers, [kind]: numbers[kind].with(at, special) }]] : [],
    ),
  );
}

function kindsOf(outcome: Outcome): Record<string, string> {
  return Object.fromEntries(tensors.map((tensor) => [tensor, outcome[tensor].map(kindOf).join(' ')]));
}

function kindOf(value: number): string {
  return Number.isFinite(value) ? 'number' : String(value);
}
