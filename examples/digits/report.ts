import { type Digit, darkest, side } from './loadDigits.ts';
import { type Palette, plain } from './palette.ts';

/** A digit and what the network took it for. */
export interface Answer {
  readonly digit: Digit;
  readonly predicted: number;
}

/** Part of the answers that are right. */
export function accuracyOf(answers: readonly Answer[]): number {
  return answers.filter(isRight).length / answers.length;
}

/** Whether the network was right. */
export function isRight({ digit, predicted }: Answer): boolean {
  return predicted === digit.label;
}

/** `counts[truth][predicted]`: how often each digit was taken for each. */
export function countConfusion(answers: readonly Answer[], classCount: number): number[][] {
  const counts = Array.from({ length: classCount }, () => new Array<number>(classCount).fill(0));
  for (const { digit, predicted } of answers) counts[digit.label]![predicted]!++;
  return counts;
}

/** The confusion matrix as a table: a row for each true digit, a column for each prediction. */
export function formatConfusion(counts: readonly (readonly number[])[], palette: Palette = plain): string {
  const cells = counts.map((_, digit) => String(digit).padStart(5)).join('');
  const rows = counts.map((row, truth) => {
    const texts = row.map((count, predicted) => paintCount(count, truth === predicted, palette));
    return `  ${truth} ${palette.quiet('│')}${texts.join('')}`;
  });
  const rule = palette.quiet(`    ┼${'─'.repeat(cells.length)}`);
  return ['truth ↓  prediction →', `     ${cells}`, rule, ...rows].join('\n');
}

/** One count, padded before it is painted, because escape codes take no room. A zero is only a dot. */
function paintCount(count: number, right: boolean, palette: Palette): string {
  if (count === 0) return palette.quiet('·'.padStart(5));
  return (right ? palette.good : palette.bad)(String(count).padStart(5));
}

/** Pixels from paper to ink. */
const shades = [' ', '░', '▒', '▓', '█'];
/** Columns between two drawings that stand side by side. */
const gap = '   ';

/** The pixels in block characters, two a pixel because a character is about twice as high as wide. */
export function drawDigit({ pixels }: Digit): string[] {
  const blocks = pixels.map((pixel) => shades[Math.round((pixel / darkest) * (shades.length - 1))]!.repeat(2));
  return Array.from({ length: side }, (_, row) => blocks.slice(row * side, (row + 1) * side).join(''));
}

/** Digits side by side, each above what the network took it for and what it is. */
export function drawAnswers(answers: readonly Answer[], palette: Palette = plain): string {
  const drawings = answers.map(({ digit }) => drawDigit(digit));
  const lines = Array.from({ length: side }, (_, row) =>
    drawings
      .map((drawing) => drawing[row]!)
      .join(gap)
      .trimEnd(),
  );
  const captions = answers.map((answer) => {
    const caption = `saw ${answer.predicted}, is ${answer.digit.label}`.padEnd(2 * side);
    return (isRight(answer) ? palette.good : palette.bad)(caption);
  });
  return [...lines, captions.join(gap).trimEnd()].join('\n');
}
