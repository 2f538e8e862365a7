import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import { checkSubject, type NetworkCheck, type Subject, subjectOf } from '../../generator/check/index.ts';

/** The modules of `examples/<name>.net.json`. */
export function example(name: string): Subject {
  return subjectOf(JSON.parse(readFileSync(`examples/${name}.net.json`, 'utf8')));
}

/** The subject in its unrolled form alone, whose text a test can change line by line. */
export function unrolled(subject: Subject): Subject {
  return { ...subject, forms: subject.forms.filter(({ form }) => form === 'unrolled') };
}

/** The subject with a text replaced in each of its modules that has it; the first one must. */
export function broken(subject: Subject, from: string, to: string): Subject {
  expect(subject.forms[0]!.text).toContain(from);
  const forms = subject.forms.map((form) => ({
    ...form,
    text: form.text.replaceAll(from, to),
    variants: form.variants.map((variant) => ({ ...variant, text: variant.text.replaceAll(from, to) })),
  }));
  return { ...subject, forms };
}

/** Two samples, which is enough to see what one leaves behind for the next. */
export const check = (subject: Subject): NetworkCheck =>
  checkSubject(subject, { seed: 1, samples: 2, slotsPerSample: 120 });

/** The names of the rows that a check marks, those of gradients with a ∂ before them. */
export function wrongRows({ forms }: NetworkCheck): readonly string[] {
  return forms.flatMap(({ tensors, rules }) => [
    ...tensors.filter(({ passed }) => !passed).map(({ name, of }) => (of === 'gradient' ? `∂ ${name}` : name)),
    ...rules.filter(({ passed }) => !passed).map(({ name }) => name),
  ]);
}
