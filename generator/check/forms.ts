import { type Form, type GenerateOptions, generate } from '../index.ts';
import { stages, textForms } from '../pipeline.ts';
import { indicesOfEntries } from '../schedule/loops/factors.ts';
import { equationsOf } from '../schedule/loops/loopPlan.ts';
import { type Problem, SpecError } from '../spec/problem.ts';

/** A form that code is written in; 'auto' is a choice among them. */
export type ConcreteForm = Exclude<Form, 'auto'>;

/** The forms that are read and written within milliseconds. */
export function availableForms(): readonly ConcreteForm[] {
  return textForms;
}

/** The texts of one form's modules. */
export interface FormTexts {
  readonly form: ConcreteForm;
  /** With the gradient of the input; it is compared with the reference. */
  readonly text: string;
  /** Whether its convolutions go by transformed tiles. */
  readonly byTiles: boolean;
  /** What users import: they must compute the same. */
  readonly variants: readonly { readonly name: string; readonly text: string }[];
}

/** A form that a network cannot have, such as one too large to be unrolled. */
export interface RefusedForm {
  readonly form: ConcreteForm;
  readonly problems: readonly Problem[];
}

/**
 * Generates a network in several forms.
 *
 * @throws SpecError with the problems of the first form if none can be generated
 */
export function generateForms(
  spec: unknown,
  forms: readonly ConcreteForm[],
  options: GenerateOptions = {},
): { readonly forms: readonly FormTexts[]; readonly refused: readonly RefusedForm[] } {
  const built: FormTexts[] = [];
  const refused: RefusedForm[] = [];
  for (const form of forms) {
    try {
      built.push(textsOf(spec, { ...options, form }, form));
    } catch (error) {
      if (!(error instanceof SpecError)) throw error;
      refused.push({ form, problems: error.problems });
    }
  }
  if (built.length === 0) throw new SpecError(refused[0]?.problems ?? []);
  return { forms: built, refused };
}

function textsOf(spec: unknown, options: GenerateOptions, form: ConcreteForm): FormTexts {
  // What a user would generate decides whether the network is too large; the gradient of the input makes it larger.
  const plain = generate(spec, options)[0]!.content;
  const whole = { ...options, inputGradient: true, maxTerms: Number.POSITIVE_INFINITY };
  return {
    form,
    text: generate(spec, whole)[0]!.content,
    byTiles: goesByTiles(spec, whole),
    variants: [
      { name: 'without --input-gradient', text: plain },
      { name: 'with --inference', text: generate(spec, { ...options, inference: true })[0]!.content },
    ],
  };
}

/** Whether matrices of constants stand in a plan of loops. */
function goesByTiles(spec: unknown, options: GenerateOptions): boolean {
  const { plan } = stages.plan(stages.equations(stages.shape(stages.parse(spec)), options), options);
  return 'layouts' in plan && equationsOf(plan).some(({ value }) => indicesOfEntries(value).length > 0);
}
