import { stages } from '../pipeline.ts';
import type { Network } from '../spec/network.ts';
import { availableForms, type FormTexts, generateForms, type RefusedForm } from './forms.ts';

/** What is checked: a network, and the modules that should compute it. */
export interface Subject {
  readonly network: Network;
  /** At least one; the first is what the others are compared with. */
  readonly forms: readonly FormTexts[];
  readonly refused: readonly RefusedForm[];
}

/** Generates a network in every form that there is. Throws SpecError as `generate` does. */
export function subjectOf(spec: unknown, options: { readonly maxTerms?: number } = {}): Subject {
  const network = stages.parse(spec);
  return { network, ...generateForms(spec, availableForms(), options) };
}
