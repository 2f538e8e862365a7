import { evaluate, loss } from '../reference/interpreter.ts';
import { hasLoss } from '../spec/losses.ts';
import type { Network } from '../spec/network.ts';
import { type Derivative, derivative } from './derivative.ts';
import { referenceObjective } from './objective.ts';
import { float64, resolvedShare } from './precision.ts';
import { roundingsOf } from './roundings.ts';
import type { Sample } from './sample.ts';
import type { Variable } from './slots.ts';
import { tiedLayers } from './ties.ts';

/** One gradient by differences of the reference. */
export interface Difference extends Derivative {
  readonly slot: number;
}

/** What the reference interpreter says of one sample. */
export interface Expectation {
  readonly sample: Sample;
  readonly output: Float64Array;
  readonly loss: number | undefined;
  /** The loss, or Σ ∂L/∂output·output. */
  readonly objective: number;
  readonly differences: ReadonlyMap<Variable, readonly Difference[]>;
  /** Layers that make gradients something else than derivatives: see `tiedLayers`. Nothing is differenced then. */
  readonly tied: readonly string[];
}

/** Runs the reference on a sample and differences the chosen slots; `onSlot` is called after each. */
export function expect(
  network: Network,
  sample: Sample,
  chosen: ReadonlyMap<Variable, readonly number[]>,
  onSlot: () => void,
): Expectation {
  const { parameters, input, given } = sample;
  const evaluation = evaluate(network, parameters, input);
  const tied = tiedLayers(network, evaluation);
  const objective = referenceObjective(network, sample);
  const roundings = roundingsOf((at) => referenceObjective(network, shifted(sample, at)));
  const differences = new Map<Variable, readonly Difference[]>();
  for (const [variable, slots] of tied.length > 0 ? [] : chosen) {
    const ofSlot = (slot: number): Difference => {
      const difference = differenceAt(network, sample, variable, slot, { objective, roundings });
      onSlot();
      return { slot, ...difference };
    };
    differences.set(variable, slots.map(ofSlot));
  }
  return {
    sample,
    output: evaluation.output.values,
    loss: hasLoss(network) ? loss(network, parameters, input, given) : undefined,
    objective,
    differences,
    tied,
  };
}

/** ∂objective/∂slot. */
function differenceAt(
  network: Network,
  sample: Sample,
  variable: Variable,
  slot: number,
  { objective, roundings }: { readonly objective: number; readonly roundings: number },
): Derivative {
  return derivative(
    (value) => referenceObjective(network, withSlot(sample, variable, slot, value)),
    sample[variable.of][variable.offset + slot]!,
    float64.steps,
    (value) => float64.differences * Math.max(Math.abs(value), resolvedShare * Math.abs(objective)),
    roundings,
  );
}

/** The sample with every number moved, by other amounts. */
function shifted({ parameters, input, given }: Sample, by: number): Sample {
  const move = (values: Sample['input']) => values.map((value, n) => value + by * (1 + ((0.618 * n) % 1)));
  return { parameters: move(parameters), input: move(input), given };
}

/** The sample with another number in one slot. */
export function withSlot(sample: Sample, { of, offset }: Variable, slot: number, value: number): Sample {
  return { ...sample, [of]: sample[of].with(offset + slot, value) };
}
