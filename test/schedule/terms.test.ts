import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Program } from '../../generator/equations/equation.ts';
import { unrolled } from '../../generator/forms/unrolled.ts';
import { generate } from '../../generator/index.ts';
import { stages } from '../../generator/pipeline.ts';
import { estimateTerms } from '../../generator/schedule/estimate.ts';
import { arbitrarySpec } from '../execution/arbitrarySpec.ts';

const transposed = {
  name: 'transposed',
  input: [6, 6, 2],
  layers: [{ type: 'conv2dTranspose', filters: 2, kernelSize: 3, strides: 2, padding: 'same' }],
};
const strided = {
  name: 'strided',
  input: [10, 10, 1],
  layers: [
    { type: 'conv2d', filters: 2, kernelSize: 5, strides: 3, padding: 'same', activation: 'relu' },
    { type: 'conv2dTranspose', filters: 2, kernelSize: 3, strides: 2 },
  ],
  loss: 'squaredError',
};

const terms = (text: string): number => Number(/unrolled: about ([\d,]+) terms/.exec(text)![1]!.replaceAll(',', ''));

/** Products in the functions' statements. */
function productsIn(text: string): number {
  const statements = text.split('\n').filter((line) => !/^\s*(\/\/|\*|\/\*)/.test(line));
  return statements.join('\n').split(' * ').length - 1;
}

describe('The terms that a file says it has', () => {
  it.each([
    ['a transposed convolution with stride 2', transposed, {}],
    ['a convolution with stride 3', strided, { inputGradient: true }],
    ['the same for inference', strided, { inference: true }],
  ])('are the products in it, within a tenth: %s', (_, spec, options) => {
    const text = generate(spec, { form: 'unrolled', ...options })[0]!.content;
    expect(Math.abs(terms(text) / productsIn(text) - 1)).toBeLessThan(0.1);
  });

  it('decide: a network that fits is written out where it was refused by an estimate many times too high', () => {
    expect(() => generate(transposed, { form: 'unrolled', maxTerms: 2600 })).not.toThrow();
    expect(generate(transposed)[0]!.content).toContain('form        unrolled');
    expect(() => generate(transposed, { form: 'unrolled', maxTerms: 2000 })).toThrow(/found a network of 2456 terms/);
  });

  it('of any network are those of its statements, and a limit of one less refuses it', () => {
    for (const spec of fc.sample(arbitrarySpec, { numRuns: 15, seed: 2 })) {
      const printed = terms(generate(spec, { form: 'unrolled', inputGradient: true })[0]!.content);
      const generateUpTo = (maxTerms: number) => () =>
        generate(spec, { form: 'unrolled', inputGradient: true, maxTerms });
      expect(generateUpTo(printed)).not.toThrow();
      expect(generateUpTo(printed - 1)).toThrow(`found a network of ${printed} terms`);
    }
  });

  it('stand beside the limit that was asked for: the one of auto, of unrolled, or the own one', () => {
    expect(generate(transposed)[0]!.content).toContain('terms, up to 3,000 are written out');
    expect(generate(transposed, { form: 'unrolled' })[0]!.content).toContain('terms, up to 100,000 are written out');
    expect(generate(transposed, { maxTerms: 5000 })[0]!.content).toContain('terms, up to 5,000 are written out');
  });
});

const termsOf = (program: Program): number => unrolled.plan(program, { limit: 1e6, isAsked: true }).plan.terms;

describe('The estimate on equations', () => {
  const programOf = (spec: unknown) =>
    stages.equations(stages.shape(stages.parse(spec)), { form: 'unrolled', inputGradient: true });

  it.each([transposed, strided])('is what is written out of $name', (spec) => {
    const program = programOf(spec);
    expect(Math.abs(estimateTerms(program) / termsOf(program) - 1)).toBeLessThan(0.01);
  });

  it('is seldom too small, so that nothing large is written out to be counted', () => {
    const programs = fc.sample(arbitrarySpec, { numRuns: 30, seed: 1 }).map(programOf);
    // A few statements may round up.
    const low = programs.filter((one) => estimateTerms(one) < 0.9 * termsOf(one) - 20);
    expect(low).toEqual([]);
  });
});
