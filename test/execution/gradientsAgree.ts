import { type Differences, finiteDifferences, frozenSlots } from '../../generator/reference/finiteDifferences.ts';
import { evaluate } from '../../generator/reference/interpreter.ts';
import type { Sample } from './sample.ts';

/** How many slots were compared, which were not for a kink nearby, and which are wrong. */
export interface Comparison {
  readonly slots: number;
  readonly skipped: number;
  readonly wrong: readonly string[];
}

/** Differences of the reference are this good, relative to the largest gradient; the network's values are about 1. */
const tolerance = 1e-7;

/**
 * Compares a module's gradients with central differences of the reference interpreter; those of the frozen statistics
 * must be exactly 0.
 */
export function compareGradients(
  { network, parameters, input, given }: Sample,
  found: { readonly gradients: ArrayLike<number>; readonly inputGradient: ArrayLike<number> },
): Comparison {
  const expected = finiteDifferences(network, parameters, input, given);
  const a = compare('gradients', found.gradients, expected.gradients);
  const b = compare('inputGradient', found.inputGradient, expected.inputGradient);
  const frozen = [...frozenSlots(network)].filter((slot) => found.gradients[slot] !== 0);
  const moved = frozen.map((slot) => `gradients[${slot}]: ${found.gradients[slot]} of a frozen statistic`);
  return { slots: a.slots + b.slots, skipped: a.skipped + b.skipped, wrong: [...a.wrong, ...b.wrong, ...moved] };
}

function compare(what: string, found: ArrayLike<number>, { values, errors }: Differences): Comparison {
  const allowed = tolerance * values.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
  const wrong: string[] = [];
  let skipped = 0;
  for (const [slot, value] of values.entries()) {
    if (errors[slot]! > allowed) skipped++;
    // Written so that NaN is wrong.
    else if (!(Math.abs(found[slot]! - value) <= allowed)) wrong.push(`${what}[${slot}]: ${found[slot]}, not ${value}`);
  }
  if (found.length !== values.length) wrong.push(`${what}: ${found.length} numbers, not ${values.length}`);
  return { slots: values.length, skipped, wrong };
}

/** Where activations are flat, equal values cannot disagree about a gradient. */
const flatValues = new Set([0, 1, 6]);

/**
 * Whether a pool with ties 'all' may see equal values. There it means another gradient than the derivative: each of
 * the equal places gets it whole.
 */
export function hasTies({ network, parameters, input }: Sample): boolean {
  const { outputs } = evaluate(network, parameters, input);
  return network.layers.some(({ options, inputs }) => {
    if (!('ties' in options) || options.ties !== 'all') return false;
    const values = [...outputs.get(inputs[0]!)!.values].filter((value) => !flatValues.has(value));
    return new Set(values).size < values.length;
  });
}
