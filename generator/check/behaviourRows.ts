import { maskedLayers } from '../reference/interpreter.ts';
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
  const batches = expectations.map(({ sample }, n) => batchAddsSamples(model, network, sample, observations[n]!));
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
    behaviourRow('backwardBatch adds the sum', count, batches, precision),
    behaviourRow('loss, clearGradients, initialize', count, states, precision),
    behaviourRow(`step: ${stepFormula(optimizer)}`, count, steps, precision),
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
