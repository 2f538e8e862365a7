import { describe, expect, it } from 'vitest';
import { choosePalette, coloured, plain } from '../../examples/digits/palette.ts';
import {
  type Answer,
  accuracyOf,
  countConfusion,
  drawAnswers,
  drawDigit,
  formatConfusion,
} from '../../examples/digits/report.ts';

/** A digit of blank paper but for its first pixels. */
function answer(label: number, predicted: number, ...firstPixels: number[]): Answer {
  const pixels = Array.from({ length: 64 }, (_, index) => firstPixels[index] ?? 0);
  return { digit: { pixels, label }, predicted };
}

/** Starts and ends a colour. */
const sequence = (code: number) => `\u001b[${code}m`;

describe('countConfusion', () => {
  it('counts each prediction in the row of its truth', () => {
    const answers = [answer(0, 0), answer(0, 0), answer(0, 1), answer(1, 1), answer(2, 0)];
    expect(countConfusion(answers, 3)).toEqual([
      [2, 1, 0],
      [0, 1, 0],
      [1, 0, 0],
    ]);
  });
});

describe('accuracyOf', () => {
  it('is the part of the answers that are right', () => {
    expect(accuracyOf([answer(0, 0), answer(0, 1), answer(1, 1), answer(2, 2)])).toBe(0.75);
  });
});

describe('formatConfusion', () => {
  const counts = [
    [12, 1],
    [0, 9],
  ];

  it('prints a row for each truth, with dots for zeros', () => {
    expect(formatConfusion(counts).split('\n')).toEqual([
      'truth ↓  prediction →',
      '         0    1',
      '    ┼──────────',
      '  0 │   12    1',
      '  1 │    ·    9',
    ]);
  });

  it('keeps its columns when it is coloured', () => {
    const text = formatConfusion(counts, coloured);
    expect(text).toContain(`${sequence(32)}   12${sequence(39)}`);
    expect(text).toContain(`${sequence(31)}    1${sequence(39)}`);
    const uncoloured = [31, 32, 39, 90].reduce((rest, code) => rest.replaceAll(sequence(code), ''), text);
    expect(uncoloured).toBe(formatConfusion(counts));
  });
});

describe('drawDigit', () => {
  it('gives every pixel two characters, darker with more ink', () => {
    const lines = drawDigit(answer(0, 0, 0, 4, 8, 12, 16, 1, 15, 2).digit);
    expect(lines).toHaveLength(8);
    expect(lines[0]).toBe('  ░░▒▒▓▓██  ██░░');
    expect(lines[1]).toBe(' '.repeat(16));
  });
});

describe('drawAnswers', () => {
  it('puts the prediction and the truth under each drawing', () => {
    const lines = drawAnswers([answer(3, 3, 16), answer(9, 4, 8)]).split('\n');
    expect(lines).toHaveLength(9);
    expect(lines[0]).toBe(`██${' '.repeat(17)}▒▒`);
    expect(lines[8]).toBe(`saw 3, is 3${' '.repeat(8)}saw 4, is 9`);
  });

  it('colours right answers and wrong ones apart', () => {
    const text = drawAnswers([answer(3, 3), answer(9, 4)], coloured);
    expect(text).toContain(`${sequence(32)}saw 3`);
    expect(text).toContain(`${sequence(31)}saw 4`);
  });
});

describe('choosePalette', () => {
  it('colours a terminal', () => {
    expect(choosePalette(true, {})).toBe(coloured);
    expect(choosePalette(true, { NO_COLOR: '' })).toBe(coloured);
  });

  it('stays plain in a pipe, on a dumb terminal and where NO_COLOR is set', () => {
    expect(choosePalette(false, {})).toBe(plain);
    expect(choosePalette(true, { NO_COLOR: '1' })).toBe(plain);
    expect(choosePalette(true, { TERM: 'dumb' })).toBe(plain);
  });
});
