import { type BatchSample, batchLayers, batchParameters, movedParameters } from '../reference/batch.ts';
import { withMasks } from '../reference/interpreter.ts';
import { startMasks } from '../reference/masks.ts';
import { hasLoss } from '../spec/losses.ts';
import type { Network } from '../spec/network.ts';
import { type Behaviour, brokenOf, isSame, masksOf } from './behaviour.ts';
import { derivative } from './derivative.ts';
import { deviation } from './measure.ts';
import type { TrainingModel } from './module.ts';
import { referenceObjective } from './objective.ts';
import { type Observation, observe } from './observation.ts';
import { float64, resolvedShare } from './precision.ts';
import { roundingsOf } from './roundings.ts';
import type { Sample } from './sample.ts';
import type { Variable } from './slots.ts';
import { affordableSlots } from './work.ts';

/** A batch of several samples at the parameters of the first. */
interface Batch {
  readonly parameters: Float64Array;
  readonly samples: readonly (BatchSample & Pick<Sample, 'given'>)[];
}

/** The samples, and one more: a batch of one tells little. Masks are those that a model draws from `initialize(0)` on. */
function batchOf(network: Network, samples: readonly Sample[]): Batch {
  const [first] = samples as [Sample];
  const other = { ...first, input: first.input.map((x) => Math.fround(0.5 - x / 2)) };
  const next = startMasks(network);
  return {
    parameters: first.parameters,
    samples: [...samples, other].map(({ input, given }) => ({
      network: withMasks(network, masksOf(network, next())),
      input,
      given,
    })),
  };
}

/** Σ over the samples of what `backward` differentiates, with the statistics of the batch. */
function objectiveOf(network: Network, { samples }: Batch, parameters: Float64Array): number {
  const own = batchParameters(network, parameters, samples);
  return samples.reduce((sum, { network: masked, input, given }) => {
    return sum + referenceObjective(masked, { parameters: own, input: Float64Array.from(input), given });
  }, 0);
}

function runBatch(model: TrainingModel, { parameters, samples }: Batch, before: number): number | undefined {
  model.initialize(0);
  model.parameters.set(parameters);
  model.gradients.fill(before);
  const all = (of: (sample: Batch['samples'][number]) => ArrayLike<number>) =>
    samples.flatMap((sample) => Array.from(of(sample)));
  return model.backwardBatch(
    all(({ input }) => input),
    all(({ given }) => given),
    samples.length,
  );
}

/**
 * Gradients of `backwardBatch`, which go through the means and variances of the batch, against differences of the reference
 * along random directions: over all parameters, and over each tensor as far as that is a matter of seconds.
 */
export function differsByBatch(
  model: TrainingModel,
  network: Network,
  samples: readonly Sample[],
  variables: readonly Variable[],
  random: () => number,
): readonly Behaviour[] {
  const batch = batchOf(network, samples);
  runBatch(model, batch, 0);
  const gradients = Float64Array.from(model.gradients);
  const learning = variables.filter(({ of, frozen }) => of === 'parameters' && !frozen);
  const floor = resolvedShare * Math.abs(objectiveOf(network, batch, batch.parameters));
  const evaluations = batch.samples.length * (batchLayers(network).length + 1);
  const affordable = affordableSlots(network, evaluations);
  const all = (t: number): number =>
    objectiveOf(
      network,
      batch,
      batch.parameters.map((value) => value + t),
    );
  const roundings = roundingsOf(all);
  return [learning, ...learning.map((one) => [one])].slice(0, affordable).map((some): Behaviour => {
    const u = directionOver(some, batch.parameters.length, random);
    const allowed = (value: number): number => float64.differences * Math.max(Math.abs(value), floor);
    const moved = (t: number): Float64Array => batch.parameters.map((value, n) => value + t * u[n]!);
    const slope = derivative((t) => objectiveOf(network, batch, moved(t)), 0, float64.steps, allowed, roundings);
    // Beside a kink differences say nothing.
    if (slope.error > allowed(slope.value)) return { error: 0, scale: floor, broken: [] };
    const products = Array.from(u, (value, n) => (value === 0 ? 0 : value * gradients[n]!));
    const along = products.reduce((sum, one) => sum + one, 0);
    const scale = products.reduce((sum, one) => sum + Math.abs(one), floor);
    return { error: Math.abs(along - slope.value), scale, broken: [] };
  });
}

/**
 * The mean loss and the moving averages of a batch, that it adds to gradients, and that nothing of it stays behind. `once` is
 * what the model computes of the first sample alone.
 */
export function movesAverages(
  model: TrainingModel,
  network: Network,
  samples: readonly Sample[],
  once: Observation,
): Behaviour {
  const batch = batchOf(network, samples);
  runBatch(model, batch, 0);
  const gradients = Float64Array.from(model.gradients);
  const loss = runBatch(model, batch, 1);
  const own = batchParameters(network, batch.parameters, batch.samples);
  const moved = deviation(model.parameters, movedParameters(network, batch.parameters, own));
  const added = deviation(
    model.gradients,
    gradients.map((one) => 1 + one),
  );
  const mean = objectiveOf(network, batch, batch.parameters) / batch.samples.length;
  const losses = hasLoss(network) ? [deviation([loss ?? Number.NaN], [mean])] : [];
  const relative = [moved, added, ...losses].map(({ error, scale }) => (error === 0 ? 0 : error / scale));
  const isWhole = model.masks?.every((mask) => mask.every((value) => value === 1)) ?? true;
  const isGone = isSame(observe(model, samples[0]!).gradients, once.gradients);
  const rules = [
    { holds: isWhole, broken: 'backwardBatch leaves masks behind' },
    { holds: isGone, broken: 'backwardBatch changes what a later backward computes' },
  ];
  return { error: Math.max(...relative), scale: 1, broken: brokenOf(rules) };
}

/** A random direction of length 1 over some parameters. */
function directionOver(variables: readonly Variable[], size: number, random: () => number): Float64Array {
  const u = new Float64Array(size);
  for (const { offset, count } of variables) for (let n = 0; n < count; n++) u[offset + n] = 2 * random() - 1;
  const length = Math.sqrt(u.reduce((sum, value) => sum + value * value, 0)) || 1;
  return u.map((value) => value / length);
}
