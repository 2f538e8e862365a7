import type { Network } from '../spec/network.ts';
import { agreementRow, type Comparable } from './agreement.ts';
import { behaviourRows, type RuleRow } from './behaviourRows.ts';
import type { Expectation } from './expectation.ts';
import type { ExpectedGradient } from './expectedGradients.ts';
import type { ConcreteForm, FormTexts } from './forms.ts';
import { hardRow } from './hardRow.ts';
import { layoutFaults } from './layout.ts';
import { longestSum } from './longestSum.ts';
import { type InferenceModel, loadFlatModule, type TrainingModel } from './module.ts';
import { type Observation, observe } from './observation.ts';
import { type Precision, precisionOf } from './precision.ts';
import { randomNumbers } from './random.ts';
import type { Sample } from './sample.ts';
import { gradientRow, type Run, type TensorRow, valueRows } from './tensorRows.ts';

/** What was found out about one form. */
export interface FormCheck {
  readonly form: ConcreteForm;
  readonly passed: boolean;
  /** Whether convolutions go by transformed tiles, which float32 bears less well. */
  readonly byTiles: boolean;
  /** Absent where the module could not be run. */
  readonly precision?: Precision['name'];
  readonly tensors: readonly TensorRow[];
  readonly rules: readonly RuleRow[];
  /** Why the module could not be run, or is not of this network; nothing else was checked then. */
  readonly faults: readonly string[];
}

/** What the reference says of a network. */
export interface Reference {
  readonly network: Network;
  readonly expectations: readonly Expectation[];
  readonly gradients: readonly ExpectedGradient[];
  /** For the directions of the adjoint identity. */
  readonly seed: number;
}

/** A form's result, with what the other forms are compared with: what it computed for each sample. */
export interface CheckedForm {
  readonly check: FormCheck;
  readonly observations: readonly Observation[];
}

/** Whether a form got so far that others can be compared with it. */
export function hasRun({ observations }: CheckedForm): boolean {
  return observations.length > 0;
}

/** Runs one form's modules on every sample and compares them with the reference, each other, and the `first` form. */
export function checkForm(texts: FormTexts, reference: Reference, first: CheckedForm | undefined): CheckedForm {
  const failed = (faults: readonly string[]) => failedForm(texts, faults);
  try {
    const { network, createModel } = loadFlatModule(texts.text);
    const faults = layoutFaults(reference.network, network);
    if (faults.length > 0) return failed(faults);
    return checkModel(texts, createModel(), reference, first);
  } catch (error) {
    return failed([`the module does not run: ${messageOf(error)}`]);
  }
}

function checkModel(
  texts: FormTexts,
  model: TrainingModel,
  reference: Reference,
  first: CheckedForm | undefined,
): CheckedForm {
  const { form, byTiles } = texts;
  const { expectations, gradients, seed } = reference;
  const precision = precisionOf(model, longestSum(reference.network), byTiles);
  const samples = expectations.map(({ sample }) => sample);
  // One model for all samples: what one leaves behind must not reach the next.
  const observations = samples.map((sample) => observe(model, sample));
  const run: Run = { ...reference, model, precision, observations, random: randomNumbers(seed) };
  const variables = gradients.map(({ variable }) => variable);
  const agrees = (name: string, found: readonly Comparable[], expected: readonly Comparable[]) =>
    agreementRow(name, found, expected, variables, precision.agreement);
  const tensors = [...valueRows(run, variables), ...gradients.map((gradient) => gradientRow(run, gradient))];
  const rules = [
    ...behaviourRows(run, variables),
    hardRow(reference.network, model, { ...precision, byTiles }, randomNumbers(seed)),
    ...texts.variants.map(({ name, text }) => agrees(`same numbers ${name}`, runVariant(text, samples), observations)),
    ...(first === undefined ? [] : [agrees(`same numbers as ${first.check.form}`, observations, first.observations)]),
  ];
  const passed = [...tensors, ...rules].every((row) => row.passed);
  return { check: { form, byTiles, passed, precision: precision.name, tensors, rules, faults: [] }, observations };
}

function runVariant(text: string, samples: readonly Sample[]): readonly Comparable[] {
  const model = loadFlatModule<InferenceModel>(text).createModel();
  return samples.map((sample) => {
    if (isTraining(model)) return observe(model, sample);
    model.parameters.set(sample.parameters);
    return { output: model.forward(sample.input).slice() };
  });
}

function isTraining(model: InferenceModel | TrainingModel): model is TrainingModel {
  return 'backward' in model;
}

function failedForm({ form, byTiles }: FormTexts, faults: readonly string[]): CheckedForm {
  return { check: { form, byTiles, passed: false, tensors: [], rules: [], faults }, observations: [] };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message.split('\n', 1)[0]}` : String(error);
}
