import { expect, it } from 'vitest';
import { generateForms } from '../../generator/check/forms.ts';
import { subjectOf } from '../../generator/check/index.ts';
import { generate, SpecError } from '../../generator/index.ts';

const spec = { name: 'small', input: [3], layers: [{ type: 'dense', units: 2 }], loss: 'squaredError' };

/** How many terms the network has, as the refusal says. */
function termsOf(options: object): number {
  try {
    generate(spec, { ...options, form: 'unrolled', maxTerms: 1 });
  } catch (error) {
    return Number(/found a network of (\d+) terms/.exec((error as Error).message)?.[1]);
  }
  throw new Error('found no refusal');
}

it('a network that can be generated can be checked, though the gradient of the input makes it larger', () => {
  const maxTerms = termsOf({});
  expect(termsOf({ inputGradient: true })).toBeGreaterThan(maxTerms);
  expect(generateForms(spec, ['unrolled'], { maxTerms }).forms).toHaveLength(1);
  expect(() => generateForms(spec, ['unrolled'], { maxTerms: maxTerms - 1 })).toThrow(SpecError);
});

it('a form that a network cannot have is left out with its reason, unless there is no other', () => {
  const { forms, refused } = generateForms(spec, ['unrolled', 'fast']);
  expect([forms.map(({ form }) => form), refused]).toEqual([['unrolled', 'fast'], []]);
  const small = subjectOf(spec, { maxTerms: 2 });
  expect(small.forms.map(({ form }) => form)).toEqual(['fast']);
  expect(small.refused).toMatchObject([
    { form: 'unrolled', problems: [{ expected: expect.stringMatching(/^expected at most 2/) }] },
  ]);
  expect(forms[0]!.variants.map(({ text }) => text)).toEqual([
    generate(spec, { form: 'unrolled' })[0]!.content,
    generate(spec, { form: 'unrolled', inference: true })[0]!.content,
  ]);
  const other = { ...spec, layers: [{ type: 'dense', units: 0 }] };
  expect(() => generateForms(other, ['unrolled', 'wasm'])).toThrow('found 0; expected a positive integer');
});
