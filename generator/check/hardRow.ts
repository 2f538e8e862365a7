import { evaluate, loss } from '../reference/interpreter.ts';
import { hasLoss, lossesOf } from '../spec/losses.ts';
import type { Network } from '../spec/network.ts';
import type { RuleRow } from './behaviourRows.ts';
import { hardSamples } from './hardSamples.ts';
import { deviation, isWithin, measure } from './measure.ts';
import type { TrainingModel } from './module.ts';
import { observe } from './observation.ts';
import type { Precision } from './precision.ts';

/**
 * Losses that are logarithms of what the output says of the target: small where it is sure, and right to their own digits. Not
 * so of probabilities of any origin, in which those digits are lost already.
 */
const likelihoods: ReadonlySet<string> = new Set([
  'categoricalCrossentropy',
  'sparseCategoricalCrossentropy',
  'binaryCrossentropy',
  'negativeLogLikelihood',
]);

function isOfProbabilities(options: object): boolean {
  const { fromProbabilities, epsilon } = options as { readonly fromProbabilities?: boolean; readonly epsilon?: number };
  return fromProbabilities === true || epsilon !== undefined;
}

/** What a distance of output and target is a difference of: where the two are nearly equal, their rounding is left of it. */
function sizeOfTerms(output: Float64Array, given: Float64Array): number {
  const largest = [...output, ...given].reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return Math.max(largest, largest ** 2);
}

/**
 * Output and loss on numbers that are large, tiny, tied, or that the network is sure of, against the reference. Each counts
 * by itself: a loss of 1e-7 is right to its own digits or wrong, however large another is. Where transformed tiles have
 * rounded what is exact in a sum, it is right to as many digits as the numbers that it is an exponential of.
 */
export function hardRow(
  network: Network,
  model: TrainingModel,
  { agreement: tolerance, smallest, byTiles }: Precision & { readonly byTiles: boolean },
  random: () => number,
): RuleRow {
  const samples = hardSamples(network, random);
  const measured = samples.flatMap((sample) => {
    const { parameters, input, given, kind } = sample;
    const found = observe(model, sample);
    const { output, preActivations } = evaluate(network, parameters, input);
    const pairs = [deviation(found.output, output.values)];
    if (hasLoss(network)) {
      const { error, scale } = deviation([found.loss ?? Number.NaN], [loss(network, parameters, input, given)]);
      const losses = lossesOf(network);
      const isOfAny = losses.some(({ options }) => isOfProbabilities(options));
      const isLikelihood = !isOfAny && losses.every((one) => likelihoods.has(one.loss));
      // Their logarithms are of sums with 1.
      const least = isLikelihood ? 0 : Math.max(isOfAny ? 1 : 0, sizeOfTerms(output.values, given));
      const inner = byTiles && isLikelihood ? [...preActivations.values()].flatMap(({ values }) => [...values]) : [];
      const exponent = inner.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
      pairs.push({ error, scale: exponent * Math.max(scale, least) });
    }
    // Below its smallest normal number a form has no digits left.
    return pairs.map(({ error, scale }) => ({
      kind,
      ...measure([{ error, scale: Math.max(scale, smallest) }], tolerance),
    }));
  });
  const wrong = measured.filter((one) => !isWithin(one));
  return {
    name: 'hard numbers: output and loss',
    count: measured.length,
    error: Math.max(0, ...measured.map(({ error }) => error)),
    tolerance,
    notes: [...new Set(wrong.map(({ kind }) => kind))],
    passed: wrong.length === 0,
  };
}
