import { coordinatesOf } from '../equations/tensor.ts';
import type { Network } from '../spec/network.ts';
import type { Expectation } from './expectation.ts';
import { type Kink, layerWithKink } from './kinks.ts';
import { float64, resolvedShare } from './precision.ts';
import type { Variable } from './slots.ts';

/** The gradient of one variable, as differences of the reference show it in some slots of some samples. */
export interface ExpectedGradient {
  readonly variable: Variable;
  readonly entries: readonly { readonly sample: number; readonly slot: number; readonly value: number }[];
  /** How many different slots the entries are of. */
  readonly slots: number;
  /** The largest gradient of the variable, or the least that differences can resolve. */
  readonly scale: number;
  readonly kinks: readonly Kink[];
}

/** Gathers the differences of all samples, and puts those aside that have met a kink. */
export function expectedGradient(
  network: Network,
  variable: Variable,
  expectations: readonly Expectation[],
): ExpectedGradient {
  const all = expectations.flatMap(({ differences }, sample) =>
    (differences.get(variable) ?? []).map((difference) => ({ sample, ...difference })),
  );
  const objective = largest(expectations.map(({ objective }) => objective));
  const scale = Math.max(largest(all.map(({ value }) => value)), resolvedShare * objective);
  const isKink = ({ error }: { readonly error: number }) => error > float64.differences * scale;
  const entries = all.filter((entry) => !isKink(entry));
  const kinks = all.filter(isKink).map(({ sample, slot }): Kink => {
    const layer = layerWithKink(network, expectations[sample]!.sample, variable, slot);
    const index = coordinatesOf(variable.shape, slot);
    return { sample: sample + 1, variable: variable.name, index, ...(layer === undefined ? {} : { layer }) };
  });
  return { variable, entries, slots: new Set(entries.map(({ slot }) => slot)).size, scale, kinks };
}

function largest(values: readonly number[]): number {
  return values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}
