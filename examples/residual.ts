/**
 * A small residual network on the handwritten digits: a branch of a depthwise and a 1×1 convolution is added to what
 * it read, a second such pair follows, and the mean of each channel decides. Its 650 parameters learn by Adam, a digit
 * at a time.
 *
 *     npx tsx examples/residual.ts
 */
import { fileURLToPath } from 'node:url';
import { createModel } from '../generated/residual.ts';
import { loadDigits } from './digits/loadDigits.ts';
import { showProgress } from './digits/progress.ts';
import { splitDigits, toSample } from './digits/samples.ts';
import { type Epoch, predict, type Schedule, train } from './digits/train.ts';
import { isMain } from './isMain.ts';

/** How the training went. */
export interface ResidualRun {
  readonly epochs: readonly Epoch[];
  /** Part of the digits kept for the test that are recognised in the end. */
  readonly accuracy: number;
}

const trainingCount = 1500;
const seed = 1;
// Chosen by cross-validation within the training digits. Adam keeps every step about as long as the rate, whatever the
// size of the gradient: hence the small rates. The frozen statistics are parameters too and must not decay.
const schedule: Schedule = {
  epochs: 20,
  batchSize: 1,
  firstRate: 0.01,
  lastRate: 0.0001,
  weightDecay: 0,
  seed,
};

/** Trains a fresh model on 1,500 digits and judges it by the 297 others; the same numbers on every call. */
export function trainResidual(report: (epoch: Epoch) => void = () => {}): ResidualRun {
  const digits = loadDigits(fileURLToPath(new URL('data/digits.csv', import.meta.url)));
  const split = splitDigits(digits, trainingCount, seed);
  const [training, test] = [split.training.map(toSample), split.test.map(toSample)];
  const model = createModel();
  model.initialize(seed);

  const epochs: Epoch[] = [];
  train(model, training, schedule, (epoch) => {
    epochs.push(epoch);
    report(epoch);
  });
  const predictions = predict(model, test);
  const recognised = test.filter(({ label }, index) => predictions[index] === label);
  return { epochs, accuracy: recognised.length / test.length };
}

/** Each epoch as it ends, and in the last line the accuracy. */
function main(): void {
  const progress = showProgress(schedule.epochs, process.stdout);
  const { accuracy } = trainResidual(progress.report);
  progress.end();
  console.log(`\ntest accuracy ${accuracy.toFixed(3)}`);
}

if (isMain(import.meta.url)) main();
