import type { Program } from '../equations/equation.ts';
import type { Asked } from '../passes/source.ts';
import { policy } from '../schedule/policy.ts';
import type { ShapedNetwork } from '../spec/network.ts';
import { fast } from './fast.ts';
import type { Extras, Form } from './form.ts';
import { countTerms, literal, unrolled } from './unrolled.ts';
import { wasm } from './wasm.ts';

/** Every form that a module can have. */
export const forms = { unrolled, fast, wasm };

/** The forms that a module can have. */
export type BuiltForm = keyof typeof forms;

/** The form in which any network can be written, within milliseconds. */
export const universalForm: BuiltForm = 'fast';

/** A program laid out in functions, as one form has it. */
export type Plan = ReturnType<(typeof forms)[BuiltForm]['plan']>;

/** The printer of a plan's form. */
export function printerOf(planned: Plan) {
  const print = forms[planned.form].print as Form<Plan>['print'];
  return (network: ShapedNetwork, program: Program, extras: Extras): string => print(network, program, planned, extras);
}

/** The form that suits a network: written out up to so many terms, else loops. */
export function chooseForm(network: ShapedNetwork, asked: Asked, limit: number): BuiltForm {
  const program = literal.run({ network, asked, form: 'unrolled' });
  return countTerms(program, limit) <= limit ? 'unrolled' : 'fast';
}

/** The terms up to which a network is written out: more where the form is asked for than where it is chosen. */
export function limitOf(isAsked: boolean): number {
  return isAsked ? policy.maxTerms : policy.termsUnrolled;
}
