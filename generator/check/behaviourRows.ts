import { batchLayers } from '../reference/batch.ts';
import { maskedLayers } from '../reference/interpreter.ts';
import { differsByBatch, movesAverages } from './batchStatistics.ts';
import {
  type Behaviour,
  backwardAdds,
  batchAddsSamples,
  keepsItsState,
  learningSlots,
  multipliesByMasks,
  stepsByItsFormula,
} from './behaviour.ts';
import { isWithin, type Measure, measure } from './measure.ts';
import { startSteps, stepFormula } from './optimizers.ts';
import type { Precision } from './precision.ts';
import type { Variable } from './slots.ts';
import type { Run } from './tensorRows.ts';

/** A rule that a form keeps, such as that `backward` adds. */
export interface RuleRow extends Measure {
  readonly name: string;
  readonly count: number;
  readonly notes: readonly string[];
  readonly passed: boolean;
}

/** What holds for the model's methods, whatever the numbers. */
export function behaviourRows(run: Run, variables: readonly Variable[]): readonly RuleRow[] {
  const { network, model, expectations, observations, precision, random } = run;
  const { optimizer } = network;
  const adds = expectations.map(({ sample }, n) => backwardAdds(model, sample, observations[n]!, random));
  const count = model.parameters.length;
  const batches = batchLayers(network).length > 0 ? statisticsRows(run, variables) : [sumRow(run)];
  const states = expectations.map(({ sample }, n) => keepsItsState(model, sample, observations[n]!));
  const steps = expectations.map(({ sample }) =>
    stepsByItsFormula(model, startSteps(optimizer, learningSlots(variables).length), sample, variables, random),
  );
  const masked =
    maskedLayers(network).length > 0
      ? [
          behaviourRow(
            'dropout multiplies by its masks',
            model.output.length,
            expectations.map(({ sample }) => multipliesByMasks(model, network, sample)),
            precision,
          ),
        ]
      : [];
  return [
    ...masked,
    behaviourRow('backward adds to gradients', count, adds, precision),
    ...batches,
    behaviourRow('loss, clearGradients, initialize', count, states, precision),
    behaviourRow(`step: ${stepFormula(optimizer)}`, count, steps, precision),
  ];
}

function sumRow({ network, model, expectations, observations, precision }: Run): RuleRow {
  const batches = expectations.map(({ sample }, n) => batchAddsSamples(model, network, sample, observations[n]!));
  return behaviourRow('backwardBatch adds the sum', model.parameters.length, batches, precision);
}

/** Where layers have the statistics of the batch, samples one by one say nothing about it. */
function statisticsRows(
  { network, model, expectations, observations, precision, random }: Run,
  variables: readonly Variable[],
): readonly RuleRow[] {
  const samples = expectations.map(({ sample }) => sample);
  const count = model.parameters.length;
  const gradients = differsByBatch(model, network, samples, variables, random);
  const agreement = precision.differences;
  return [
    behaviourRow('backwardBatch: differences of the batch', count, gradients, { ...precision, agreement }),
    behaviourRow(
      'backwardBatch: loss, moving averages',
      count,
      [movesAverages(model, network, samples, observations[0]!)],
      precision,
    ),
  ];
}

function behaviourRow(
  name: string,
  count: number,
  behaviours: readonly Behaviour[],
  { agreement }: Precision,
): RuleRow {
  const notes = [...new Set(behaviours.flatMap(({ broken }) => broken))];
  const measured = measure(behaviours, agreement);
  return { name, count, ...measured, notes, passed: isWithin(measured) && notes.length === 0 };
}
