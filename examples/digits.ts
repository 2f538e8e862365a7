/**
 * Handwritten digits, from spec to test accuracy: generates the network's module, imports it, trains it on 1,500
 * digits and judges it by the 297 others. Every run gives the same numbers.
 *
 *     npm start
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { classCount, DataError, loadDigits } from './digits/loadDigits.ts';
import { generateModel } from './digits/model.ts';
import { choosePalette } from './digits/palette.ts';
import { showProgress } from './digits/progress.ts';
import { type Answer, accuracyOf, countConfusion, drawAnswers, formatConfusion, isRight } from './digits/report.ts';
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
/** Drawings that fit side by side in 80 columns. */
const drawingsInRow = 4;

/** Generates, trains, judges. */
async function main(): Promise<void> {
  const spec = JSON.parse(readFileSync(pathOf('digits.net.json'), 'utf8'));
  const { training, test } = splitDigits(loadDigits(pathOf('data/digits.csv')), trainingCount, seed);
  const model = await generateModel(spec);
  model.initialize(seed);

  const progress = showProgress(schedule.epochs, process.stdout);
  train(model, training.map(toSample), schedule, progress.report);
  progress.end();

  const predictions = predict(model, test.map(toSample));
  printReport(test.map((digit, index) => ({ digit, predicted: predictions[index]! })));
}

/** The confusion matrix, a few drawings, and in the last line the accuracy. */
function printReport(answers: readonly Answer[]): void {
  const palette = choosePalette(process.stdout.isTTY, process.env);
  const wrong = answers.filter((answer) => !isRight(answer));
  console.log(`\n${formatConfusion(countConfusion(answers, classCount), palette)}`);
  console.log(`\n${drawAnswers(answers.filter(isRight).slice(0, drawingsInRow), palette)}`);
  if (wrong.length > 0) console.log(`\n${drawAnswers(wrong.slice(0, drawingsInRow), palette)}`);
  console.log(`\ntest accuracy ${accuracyOf(answers).toFixed(3)}`);
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
