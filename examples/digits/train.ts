import type { Model } from './model.ts';
import { mulberry32, shuffled } from './random.ts';
import type { Sample } from './samples.ts';

/** How to train. */
export interface Schedule {
  readonly epochs: number;
  /** Samples whose gradients are added up for one step. */
  readonly batchSize: number;
  /** The learning rate of the first epoch; it falls by the same factor from one epoch to the next. */
  readonly firstRate: number;
  /** The learning rate of the last epoch. */
  readonly lastRate: number;
  /** Part of itself that every parameter loses at each step, as a multiple of the learning rate. */
  readonly weightDecay: number;
  /** Decides the order of the samples. */
  readonly seed: number;
}

/** One epoch, looked back on. */
export interface Epoch {
  /** Counted from 1. */
  readonly epoch: number;
  /** Mean loss over the samples, each taken just before it was learned from. */
  readonly loss: number;
  /** Part of the samples that were recognised, likewise. */
  readonly accuracy: number;
}

/** Trains the model in place, and reports every epoch as it ends. */
export function train(
  model: Model,
  samples: readonly Sample[],
  schedule: Schedule,
  report: (epoch: Epoch) => void,
): void {
  const random = mulberry32(schedule.seed);
  for (let epoch = 1; epoch <= schedule.epochs; epoch++) {
    const order = shuffled(samples, random);
    report({ epoch, ...trainEpoch(model, order, schedule, rateAt(epoch, schedule)) });
  }
}

/** The learning rate of an epoch: geometric from the first rate to the last. */
export function rateAt(epoch: number, { epochs, firstRate, lastRate }: Schedule): number {
  if (epochs === 1) return firstRate;
  return firstRate * (lastRate / firstRate) ** ((epoch - 1) / (epochs - 1));
}

/** Shows every sample once, with a step after each batch. */
function trainEpoch(
  model: Model,
  samples: readonly Sample[],
  { batchSize, weightDecay }: Schedule,
  rate: number,
): Omit<Epoch, 'epoch'> {
  let loss = 0;
  let recognised = 0;
  for (let start = 0; start < samples.length; start += batchSize) {
    const batch = samples.slice(start, start + batchSize);
    for (const { input, target, label } of batch) {
      if (argmax(model.forward(input)) === label) recognised++;
      loss += model.backward(target);
    }
    // backward adds up, and a batch learns from the mean; the last batch may be smaller.
    model.step(rate / batch.length);
    shrink(model.parameters, 1 - rate * weightDecay);
  }
  return { loss: loss / samples.length, accuracy: recognised / samples.length };
}

/** Multiplies every value in place. Small weights generalise: this is what keeps the network from learning by heart. */
function shrink(values: Float64Array, factor: number): void {
  for (let index = 0; index < values.length; index++) values[index]! *= factor;
}

/** The network's answer to each sample. */
export function predict(model: Model, samples: readonly Sample[]): number[] {
  return samples.map(({ input }) => argmax(model.forward(input)));
}

/** The position of the largest value, the first where several are equal. */
export function argmax(values: ArrayLike<number>): number {
  let best = 0;
  for (let index = 1; index < values.length; index++) {
    if (values[index]! > values[best]!) best = index;
  }
  return best;
}
