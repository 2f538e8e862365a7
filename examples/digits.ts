/**
 * Handwritten digits, from spec to test accuracy: generates the network's module, imports it, trains it on 1,500
 * digits and judges it by the 297 others. Every run gives the same numbers. What it learned goes into
 * examples/digits.safetensors, where predict.ts finds it.
 *
 *     npm start
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { DataError, loadDigits } from './digits/loadDigits.ts';
import { generateModule } from './digits/model.ts';
import { printReport } from './digits/printReport.ts';
import { showProgress } from './digits/progress.ts';
import { splitDigits, toSample } from './digits/samples.ts';
import { predict, type Schedule, train } from './digits/train.ts';

const trainingCount = 1500;
const seed = 1;
// Chosen by cross-validation within the training digits; the test digits had no say.
const schedule: Schedule = {
  epochs: 30,
  batchSize: 1,
  firstRate: 0.05,
  lastRate: 0.002,
  weightDecay: 0.005,
  seed,
};
/** Generates, trains, saves, judges. */
async function main(): Promise<void> {
  const spec = JSON.parse(readFileSync(pathOf('digits.net.json'), 'utf8'));
  const { training, test } = splitDigits(loadDigits(pathOf('data/digits.csv')), trainingCount, seed);
  const { createModel, network, writeSafetensors } = await generateModule(spec);
  const model = createModel();
  model.initialize(seed);

  const progress = showProgress(schedule.epochs, process.stdout);
  train(model, training.map(toSample), schedule, progress.report);
  progress.end();
  writeFileSync(pathOf('digits.safetensors'), writeSafetensors(model.parameters, network));

  const predictions = predict(model, test.map(toSample));
  printReport(test.map((digit, index) => ({ digit, predicted: predictions[index]! })));
}

/** The path of a file beside this one. */
function pathOf(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url));
}

try {
  await main();
} catch (error) {
  // Bad data is the reader's to mend, and the message says where; anything else deserves its stack.
  if (!(error instanceof DataError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
