import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { finiteDifferences } from '../../generator/reference/finiteDifferences.ts';
import { forward, layerShapes, loss, parameterCount } from '../../generator/reference/interpreter.ts';
import { expectClose, largest } from './expectClose.ts';
import { normalize, type RawNetwork } from './normalize.ts';

/** What PyTorch computed in float64. */
interface OracleCase {
  readonly spec: RawNetwork;
  readonly parameters: readonly number[];
  readonly input: readonly number[];
  readonly target?: readonly number[];
  readonly outputGradient?: readonly number[];
  readonly outputShape: readonly number[];
  readonly output: readonly number[];
  readonly loss?: number;
  readonly gradients: readonly number[];
  readonly inputGradient: readonly number[];
}

const cases: readonly OracleCase[] = JSON.parse(readFileSync(new URL('../oracles/core.json', import.meta.url), 'utf8'));

describe.each(cases.map((oracle) => [oracle.spec.name, oracle] as const))('the reference on %s', (_, oracle) => {
  const network = normalize(oracle.spec);
  const { parameters, input, target } = oracle;

  it('has the parameters and the output shape of PyTorch', () => {
    expect(parameterCount(network)).toBe(parameters.length);
    expect(layerShapes(network).get(network.layers.at(-1)!.name)).toEqual(oracle.outputShape);
  });

  it('computes the output of PyTorch', () => {
    expectClose(forward(network, parameters, input), oracle.output, 1e-12);
  });

  it.runIf(target !== undefined)('computes the loss of PyTorch', () => {
    expectClose([loss(network, parameters, input, target!)], [oracle.loss!], 1e-12);
  });

  it('has finite differences equal to the gradients of PyTorch', () => {
    const found = finiteDifferences(network, parameters, input, (target ?? oracle.outputGradient)!);
    expectClose(found.gradients.values, oracle.gradients, 1e-8);
    expectClose(found.inputGradient.values, oracle.inputGradient, 1e-8);
    expect(largest(found.gradients.errors)).toBeLessThan(1e-7 * largest(oracle.gradients));
    expect(largest(found.inputGradient.errors)).toBeLessThan(1e-7 * largest(oracle.inputGradient));
  });
});
