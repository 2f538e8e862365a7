import { lossText } from '../spec/losses.ts';
import type { Network } from '../spec/network.ts';
import { type CheckedForm, checkForm, type FormCheck, hasRun } from './checkForm.ts';
import { type Expectation, expect } from './expectation.ts';
import { expectedGradient } from './expectedGradients.ts';
import type { RefusedForm } from './forms.ts';
import type { Kink } from './kinks.ts';
import { longestSum } from './longestSum.ts';
import { randomNumbers } from './random.ts';
import { drawSample, type Sample } from './sample.ts';
import { chooseSlots, type Variable, variablesOf } from './slots.ts';
import type { Subject } from './subject.ts';
import { affordableSlots } from './work.ts';

export interface CheckOptions {
  /** The same seed gives the same samples, slots and directions on every machine. */
  readonly seed: number;
  /** How many samples: parameters, input and target are drawn anew for each. */
  readonly samples: number;
  /** How many slots are differenced in each sample; as many as a few seconds allow where absent. */
  readonly slotsPerSample?: number;
  /** How a sample is drawn, if not at random. */
  readonly draw?: (network: Network, random: () => number) => Sample;
  /** Called with the share of the work that is done, from 0 to 1. */
  readonly onProgress?: (done: number) => void;
}

/** What was found out about one network. */
export interface NetworkCheck {
  readonly name: string;
  readonly passed: boolean;
  readonly seed: number;
  readonly samples: number;
  readonly loss: string | null;
  /** Terms of the longest sum, by which what float32 may lose to rounding grows. */
  readonly longestSum: number;
  readonly forms: readonly FormCheck[];
  /** Forms that this network cannot have. */
  readonly refused: readonly RefusedForm[];
  /** Slots that were left out beside a kink. */
  readonly kinks: readonly Kink[];
  /** Samples without derivatives, and the layers to which they owe it: see `tiedLayers`. */
  readonly tied: readonly { readonly sample: number; readonly layers: readonly string[] }[];
}

/**
 * Checks generated modules numerically: against the reference interpreter, its finite differences, themselves and each
 * other. A module that is wrong, or does not even run, is a result and no error.
 */
export function checkSubject({ network, forms, refused }: Subject, options: CheckOptions): NetworkCheck {
  const { seed, samples } = options;
  const variables = variablesOf(network);
  const expectations = expectAll(network, variables, options);
  const gradients = variables.map((variable) => expectedGradient(network, variable, expectations));
  const reference = { network, expectations, gradients, seed };
  const checked: CheckedForm[] = [];
  for (const texts of forms) checked.push(checkForm(texts, reference, checked.find(hasRun)));
  const checks = checked.map(({ check }) => check);
  return {
    name: network.name,
    passed: checks.every(({ passed }) => passed),
    seed,
    samples,
    loss: lossText(network) || null,
    longestSum: longestSum(network),
    forms: checks,
    refused,
    kinks: gradients.flatMap(({ kinks }) => kinks),
    tied: expectations.flatMap(({ tied }, n) => (tied.length > 0 ? [{ sample: n + 1, layers: tied }] : [])),
  };
}

/** What the reference says of each sample, which is most of the work. */
function expectAll(
  network: Network,
  variables: readonly Variable[],
  { seed, samples, slotsPerSample = affordableSlots(network, samples), draw = drawSample, onProgress }: CheckOptions,
): readonly Expectation[] {
  const random = randomNumbers(seed);
  const chosen = chooseSlots(variables, samples, slotsPerSample, random);
  const total = chosen.reduce((sum, ofSample) => sum + [...ofSample.values()].flat().length, 0);
  let done = 0;
  const onSlot = () => onProgress?.(++done / total);
  return chosen.map((slots) => expect(network, draw(network, random), slots, onSlot));
}
