import { classCount } from './loadDigits.ts';
import { choosePalette } from './palette.ts';
import { type Answer, accuracyOf, countConfusion, drawAnswers, formatConfusion, isRight } from './report.ts';

/** Drawings that fit side by side in 80 columns. */
const drawingsInRow = 4;

/** The confusion matrix, a few drawings, and in the last line the accuracy. */
export function printReport(answers: readonly Answer[]): void {
  const palette = choosePalette(process.stdout.isTTY, process.env);
  const wrong = answers.filter((answer) => !isRight(answer));
  console.log(`\n${formatConfusion(countConfusion(answers, classCount), palette)}`);
  console.log(`\n${drawAnswers(answers.filter(isRight).slice(0, drawingsInRow), palette)}`);
  if (wrong.length > 0) console.log(`\n${drawAnswers(wrong.slice(0, drawingsInRow), palette)}`);
  console.log(`\ntest accuracy ${accuracyOf(answers).toFixed(3)}`);
}
