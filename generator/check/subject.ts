import { stages } from '../pipeline.ts';
import type { Network } from '../spec/network.ts';
import { availableForms, type ConcreteForm, type FormTexts, generateForms, type RefusedForm } from './forms.ts';

/** What is checked: a network, and the modules that should compute it. */
export interface Subject {
  readonly network: Network;
  /** At least one; the first is what the others are compared with. */
  readonly forms: readonly FormTexts[];
  readonly refused: readonly RefusedForm[];
}

/**
 * Generates a network in the forms asked for, in all that are TypeScript if none is.
 *
 * @throws SpecError as `generate` does
 */
export function subjectOf(
  spec: unknown,
  {
    forms = availableForms(),
    ...options
  }: { readonly maxTerms?: number; readonly forms?: readonly ConcreteForm[] } = {},
): Subject {
  const network = stages.parse(spec);
  return { network, ...generateForms(spec, forms, options) };
}
