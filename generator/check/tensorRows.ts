import { hasLoss } from '../spec/losses.ts';
import type { Network } from '../spec/network.ts';
import { type AdjointResult, adjoint } from './adjoint.ts';
import type { Expectation } from './expectation.ts';
import type { ExpectedGradient } from './expectedGradients.ts';
import { deviation, isWithin, type Measure, measure } from './measure.ts';
import type { TrainingModel } from './module.ts';
import type { Observation } from './observation.ts';
import type { Precision } from './precision.ts';
import type { Variable } from './slots.ts';

/** One tensor that a form computes, and how far it is from what it should be. */
export interface TensorRow {
  /** `output`, `loss`, or the variable whose gradient it is: `conv2d1/kernel`, `input`. */
  readonly name: string;
  readonly of: 'value' | 'gradient';
  readonly count: number;
  /** Against the reference interpreter. */
  readonly reference?: Measure;
  /** Against differences of the reference, in `slots` different slots. */
  readonly differences?: Measure & { readonly slots: number };
  /** Along random directions, of which `kinks` could not be used. */
  readonly adjoint?: Measure & { readonly directions: number; readonly kinks: number };
  readonly notes: readonly string[];
  readonly passed: boolean;
}

/** A model of one form with what it and the reference computed for each sample. */
export interface Run {
  readonly network: Network;
  readonly model: TrainingModel;
  readonly precision: Precision;
  readonly expectations: readonly Expectation[];
  readonly observations: readonly Observation[];
  readonly random: () => number;
}

/** The output and, if there is one, the loss; the last of them with the derivative along everything. */
export function valueRows(run: Run, variables: readonly Variable[]): readonly TensorRow[] {
  const { network, expectations, observations, precision } = run;
  const outputs = measure(
    expectations.map(({ output }, n) => deviation(observations[n]!.output, output)),
    precision.agreement,
  );
  const count = expectations[0]!.output.length;
  const along = adjointOf(run, variables);
  if (!hasLoss(network)) return [tensorRow('value', 'output', count, { reference: outputs, ...along })];
  const losses = measure(
    expectations.map(({ loss }, n) => deviation([observations[n]!.loss ?? Number.NaN], [loss!])),
    precision.agreement,
  );
  return [
    tensorRow('value', 'output', count, { reference: outputs }),
    tensorRow('value', 'loss', 1, { reference: losses, ...along }),
  ];
}

/** The gradient of one variable. */
export function gradientRow(run: Run, expected: ExpectedGradient): TensorRow {
  const { variable, entries, slots, scale } = expected;
  const { observations, precision } = run;
  const found = observations.map((observation) => gradientOf(observation, variable));
  if (variable.frozen) return frozenRow(variable, found);
  const errors = entries.map(({ sample, slot, value }) => ({ error: Math.abs(found[sample]![slot]! - value), scale }));
  const measures = {
    ...(slots > 0 ? { differences: { ...measure(errors, precision.differences), slots } } : {}),
    ...adjointOf(run, [variable]),
  };
  const largest = Math.max(...found.map((gradient) => largestOf(gradient)));
  const notes = [
    ...(largest === 0 ? ['all 0 in these samples'] : []),
    ...(largest > 0 && largest < precision.differences * scale ? ['too small for differences to see'] : []),
    ...(Object.keys(measures).length === 0 ? ['not compared'] : []),
  ];
  return tensorRow('gradient', variable.name, variable.count, measures, notes);
}

function largestOf(values: readonly number[]): number {
  return values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}

/** A statistic that does not learn: its gradient is exactly 0. */
function frozenRow({ name, count }: Variable, found: readonly (readonly number[])[]): TensorRow {
  const isZero = found.every((gradient) => largestOf(gradient) === 0);
  return {
    name,
    of: 'gradient',
    count,
    notes: [isZero ? 'frozen: 0 by definition' : 'frozen: should be 0'],
    passed: isZero,
  };
}

function gradientOf({ gradients, inputGradient }: Observation, { of, offset, count }: Variable): readonly number[] {
  const flat = of === 'input' ? (inputGradient ?? []) : gradients;
  return Array.from({ length: count }, (_, slot) => flat[offset + slot] ?? Number.NaN);
}

/** The adjoint identity along one random direction over the variables for each sample that has derivatives. */
function adjointOf(run: Run, variables: readonly Variable[]): Pick<TensorRow, 'adjoint'> {
  const { model, precision, expectations, observations, random } = run;
  const results = expectations.flatMap(({ sample, tied }, n): AdjointResult[] =>
    tied.length > 0 ? [] : [adjoint(model, sample, observations[n]!, variables, precision, random)],
  );
  const deviations = results.filter((result) => result !== 'kink');
  if (deviations.length === 0) return {};
  const kinks = results.length - deviations.length;
  return { adjoint: { ...measure(deviations, precision.adjoint), directions: deviations.length, kinks } };
}

function tensorRow(
  of: TensorRow['of'],
  name: string,
  count: number,
  measures: Pick<TensorRow, 'reference' | 'differences' | 'adjoint'>,
  notes: readonly string[] = [],
): TensorRow {
  const { reference, differences, adjoint } = measures;
  const passed = [reference, differences, adjoint].every((one) => one === undefined || isWithin(one));
  return { name, of, count, ...measures, notes, passed };
}
