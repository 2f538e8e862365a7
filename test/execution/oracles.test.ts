import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { load, relativeError } from './load.ts';

interface Case {
  readonly spec: { readonly name: string };
  readonly parameters: number[];
  readonly gradients: number[];
  readonly input: number[];
  readonly inputGradient: number[];
  readonly output: number[];
  readonly outputShape: number[];
  readonly target?: number[];
  readonly outputGradient?: number[];
  readonly loss?: number;
}

const cases = JSON.parse(readFileSync(new URL('../oracles/core.json', import.meta.url), 'utf8')) as Case[];

test.each(cases.map((one) => [one.spec.name, one] as const))(
  '%s gives the numbers of PyTorch to 1e-12',
  async (_, one) => {
    const { createModel, network } = await load(one.spec, { inputGradient: true });
    const model = createModel(one.parameters);
    expect(network.outputShape).toEqual(one.outputShape);
    expect(relativeError(model.forward(one.input), one.output)).toBeLessThan(1e-12);
    const loss = model.backward(one.target ?? one.outputGradient ?? []);
    if (one.loss === undefined) expect(loss).toBeUndefined();
    else expect(Math.abs(loss - one.loss)).toBeLessThan(1e-12);
    expect(relativeError(model.gradients, one.gradients)).toBeLessThan(1e-12);
    expect(relativeError(model.inputGradient, one.inputGradient)).toBeLessThan(1e-12);
  },
);
