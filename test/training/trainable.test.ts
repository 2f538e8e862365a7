import { describe, expect, it, test } from 'vitest';
import { layers } from '../../generator/layers/registry.ts';
import { stages } from '../../generator/pipeline.ts';
import { parameterShapes } from '../../generator/reference/interpreter.ts';
import { everyForm } from '../cases/everyForm.ts';
import { readExpected, readSpec } from '../cases/readCase.ts';
import { relativeError } from '../execution/load.ts';
import { kinds, specOfKind } from '../prove/kinds.ts';
import { normalize, type RawNetwork } from '../reference/normalize.ts';

/** A sample, and what PyTorch computes of it in float64. */
interface Computed {
  readonly x: readonly number[];
  readonly parameters: readonly number[];
  readonly target?: readonly number[];
  readonly outputGradient?: readonly number[];
  readonly expected: {
    readonly loss?: number;
    readonly gradients: readonly number[];
    readonly inputGradient: readonly number[];
  };
}

interface Spec {
  readonly layers: readonly { readonly type: string; readonly name?: string }[];
}

const toleranceOf = { unrolled: 1e-14, fast: 1e-14, wasm: 1e-6 } as const;

/** Layers to hold fixed, of networks whose gradients PyTorch gives. */
const cases = [
  ['22-se-block', 'every second', (position: number) => position % 2 === 0],
  ['22-se-block', 'all but the last', (position: number, count: number) => position < count - 1],
  ['16-leftover-stride', 'all', () => true],
] as const;

const withParameters = new Set(['conv2d', 'conv2dTranspose', 'depthwiseConv2d', 'dense', 'batchNormalization']);

function hold(spec: Spec, isFixed: (position: number, count: number) => boolean): Spec {
  const owners = spec.layers.filter(({ type }) => withParameters.has(type));
  const isHeld = (layer: Spec['layers'][number]): boolean =>
    owners.includes(layer) && isFixed(owners.indexOf(layer), owners.length);
  return { ...spec, layers: spec.layers.map((layer) => (isHeld(layer) ? { ...layer, trainable: false } : layer)) };
}

const head = (first: object) => ({
  name: 'head',
  input: [6, 6, 2],
  layers: [
    { type: 'conv2d', filters: 4, kernelSize: 3, activation: 'relu', ...first },
    { type: 'batchNormalization', ...first },
    { type: 'maxPooling2d' },
    { type: 'flatten' },
    { type: 'dense', units: 3, activation: 'softmax' },
  ],
  loss: 'categoricalCrossentropy',
  optimizer: { type: 'adam' },
});

describe.each(everyForm)('in the form $form', ({ form, load, store }) => {
  it.each(cases)(
    'what learns in %s has the gradients of PyTorch, what is held fixed (%s) has none',
    async (name, _, isFixed) => {
      const { x, parameters, target, outputGradient, expected } = readExpected<Computed>(name);
      const spec = hold(readSpec(name) as Spec, isFixed);
      const module = await load(spec);
      const model = module.createModel(parameters);
      model.forward(x);
      const loss = model.backward(target ?? outputGradient ?? []) ?? 0;
      const held = new Set(spec.layers.flatMap((layer) => ('trainable' in layer ? layer : [])));
      const kinds = new Map<string, number>();
      const names = spec.layers.map((layer) => {
        kinds.set(layer.type, (kinds.get(layer.type) ?? 0) + 1);
        return layer.name ?? `${layer.type}${kinds.get(layer.type)}`;
      });
      const heldNames = names.filter((_, position) => held.has(spec.layers[position] as never));
      const mask = module.network.parameters.flatMap(({ name: own, shape }) =>
        new Array<number>(shape.reduce((a, b) => a * b, 1)).fill(heldNames.includes(own.split('/')[0]!) ? 0 : 1),
      );
      expect(heldNames.length).toBeGreaterThan(0);
      expect(mask.every((one, slot) => one === 1 || model.gradients[slot] === 0)).toBe(true);
      const errors = {
        loss: relativeError([loss], [expected.loss ?? 0]),
        gradients: relativeError(
          model.gradients,
          expected.gradients.map((g, slot) => g * mask[slot]!),
        ),
        inputGradient: relativeError(model.inputGradient, expected.inputGradient),
      };
      expect(Object.entries(errors).filter(([, error]) => !(error <= toleranceOf[form]))).toEqual([]);
    },
  );

  it('no step changes a layer that is held fixed, whatever stands in its gradients', async () => {
    const module = await load(head({ trainable: false }));
    const model = module.createModel();
    model.initialize(3);
    const before = model.parameters.slice();
    for (let step = 0; step < 2; step++) {
      model.gradients.fill(1);
      model.step(0.1);
      expect(model.gradients.every((g) => g === 0)).toBe(true);
    }
    const dense = module.network.parameters.find(({ name }) => name === 'dense1/kernel')!;
    expect([...model.parameters.slice(0, dense.offset)]).toEqual([...before.slice(0, dense.offset)]);
    // Two steps of Adam with one gradient are twice the rate.
    const moved = before.slice(dense.offset).map((w) => store(w - 0.2));
    expect(relativeError(model.parameters.slice(dense.offset), moved)).toBeLessThan(1e-5);
  });
});

describe('the equations of backward', () => {
  const backwardOf = (spec: unknown, form: 'unrolled' | 'fast' | 'wasm') =>
    stages.equations(stages.shape(stages.parse(spec)), { form }).backward;

  it.each(['unrolled', 'fast', 'wasm'] as const)('end where nothing below learns (%s)', (form) => {
    const layersOf = (spec: unknown) => [...new Set(backwardOf(spec, form).map(({ layer }) => layer))];
    expect(layersOf(head({}))).toEqual(expect.arrayContaining(['loss', 'dense1', 'batchNormalization1', 'conv2d1']));
    expect(layersOf(head({ trainable: false }))).toEqual(['loss', 'dense1']);
  });

  it('go through a layer that is held fixed to one below that learns', () => {
    const layers = [
      { type: 'dense', units: 3 },
      { type: 'dense', units: 2, trainable: false },
    ];
    const targets = backwardOf({ name: 'through', input: [2], layers, loss: 'squaredError' }, 'unrolled').map(
      ({ target }) => target.name,
    );
    expect(targets).toEqual(['L', 'dz2', 'dz1', 'db1', 'dW1']);
  });
});

test.each(Object.keys(kinds) as (keyof typeof kinds)[])('%s says whether it has parameters', (kind) => {
  const network = normalize(specOfKind(kinds[kind]) as RawNetwork);
  const own = network.layers
    .filter(({ type, name }) => type === kind && name !== 'before')
    .map(({ name }) => `${name}/`);
  const hasParameters = parameterShapes(network).some(({ name }) => own.some((start) => name.startsWith(start)));
  expect('hasParameters' in layers[kind]).toBe(hasParameters);
});

describe('a spec', () => {
  const problemsOf = (layer: object): string => {
    try {
      stages.parse({ name: 'a', input: [4, 4, 1], layers: [layer] });
      return '';
    } catch (error) {
      return (error as Error).message;
    }
  };

  it.each([
    [
      { type: 'flatten', trainable: false },
      'layers[0].trainable: found false; expected no trainable here: flatten has no parameters',
    ],
    [
      { type: 'conv2d', filters: 1, kernelSize: 1, trainable: 0 },
      'layers[0].trainable: found 0; expected true or false',
    ],
    [{ type: 'conv2d', filters: 1, kernelSize: 1, trainble: false }, 'did you mean trainable?'],
    [{ type: 'conv2d', filters: 1, kernelSize: 1, trainable: true }, ''],
  ])('that says %j is told what is wrong', (layer, message) => {
    expect(problemsOf(layer)).toContain(message);
  });
});
