import { describe, expect, it } from 'vitest';
import { losses } from '../../generator/layers/losses/registry.ts';
import { layers } from '../../generator/layers/registry.ts';
import { stages } from '../../generator/pipeline.ts';
import { evaluate, loss as referenceLoss } from '../../generator/reference/interpreter.ts';
import { relativeError } from '../execution/load.ts';
import { layerOracles as cases } from './layerOracles.ts';
import { oracleCases } from './oracleCases.ts';

it.each(cases)('the reference gives the numbers of PyTorch for %s', (_, oracle) => {
  const network = stages.parse(oracle.spec);
  const { output } = evaluate(network, oracle.parameters, oracle.input);
  expect(relativeError(output.values, oracle.output, 1e-3)).toBeLessThan(1e-12);
  if (oracle.loss === undefined) return;
  expect(
    relativeError([referenceLoss(network, oracle.parameters, oracle.input, oracle.target!)], [oracle.loss]),
  ).toBeLessThan(1e-12);
});

describe('every layer and loss has a case of PyTorch', () => {
  const specs = [...cases, ...oracleCases].map(([, { spec }]) => spec);
  const stated = specs.flatMap((spec) => spec.layers);

  it.each(Object.entries(layers))('%s, each of its options stated', (kind, { options }) => {
    const own = stated.filter(({ type }) => type === kind);
    expect(own.length).toBeGreaterThan(0);
    const missing = Object.keys(options.shape).filter(
      (option) => !numbersOfActivations.has(option) && own.every((one) => !(option in one)),
    );
    expect(missing).toEqual(withoutCase[kind] ?? []);
  });

  it.each(Object.keys(losses))('%s', (name) => {
    expect(specs.some(({ loss }) => (typeof loss === 'string' ? loss : loss?.type) === name)).toBe(true);
  });
});

/** They belong to activations, which test/numbers holds to 60 digits. */
const numbersOfActivations = new Set(['alpha', 'beta', 'theta', 'minValue', 'maxValue', 'activation']);

/**
 * Options of which PyTorch has no like: both kinds of ties, and gaps between the places of a mean. Batches have cases of their
 * own in test/training.
 */
const withoutCase: Readonly<Record<string, readonly string[]>> = {
  batchNormalization: ['momentum'],
  maxPooling2d: ['ties'],
  maxPooling1d: ['ties'],
  averagePooling2d: ['dilationRate'],
  averagePooling1d: ['dilationRate'],
};
