import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { DataError, loadDigits, parseDigits } from '../../examples/digits/loadDigits.ts';

const blank = new Array<number>(64).fill(0);

/** A line with a good digit, but for what is put in place of one field (counted from 1). */
function lineWith(field: number, text: string): string {
  return [...blank, 3].map((value, index) => (index + 1 === field ? text : value)).join(',');
}

describe('parseDigits', () => {
  it('reads 64 pixels and a label from each line', () => {
    const text = `${lineWith(1, '16')}\n${lineWith(65, '9')}\n`;
    expect(parseDigits(text, 'digits.csv')).toEqual([
      { pixels: [16, ...blank.slice(1)], label: 3 },
      { pixels: blank, label: 9 },
    ]);
  });

  it('takes Windows line ends, and a last line without an end', () => {
    expect(parseDigits(`${lineWith(1, '1')}\r\n${lineWith(1, '2')}`, 'digits.csv')).toHaveLength(2);
  });

  it.each([
    [
      'a pixel above 16',
      lineWith(5, '17'),
      'digits.csv:2:5: found "17"; expected a pixel, a whole number from 0 to 16',
    ],
    ['a pixel below 0', lineWith(64, '-1'), 'digits.csv:2:64: found "-1"'],
    ['a pixel that is a fraction', lineWith(1, '0.5'), 'digits.csv:2:1: found "0.5"'],
    ['a pixel that is missing', lineWith(2, ''), 'digits.csv:2:2: found ""'],
    ['a pixel in another notation', lineWith(2, '0x1'), 'digits.csv:2:2: found "0x1"'],
    [
      'a label above 9',
      lineWith(65, '10'),
      'digits.csv:2:65: found "10"; expected a label, a whole number from 0 to 9',
    ],
    ['a line that is too short', '1,2,3', 'digits.csv:2: found 3 fields; expected 64 pixels and a label'],
    ['a line that is too long', `${lineWith(1, '1')},1`, 'digits.csv:2: found 66 fields'],
    ['an empty line between others', '', 'digits.csv:2: found an empty line'],
  ])('refuses %s and says where it stands', (_, line, message) => {
    const parse = () => parseDigits(`${lineWith(1, '1')}\n${line}\n${lineWith(1, '1')}\n`, 'digits.csv');
    expect(parse).toThrow(DataError);
    expect(parse).toThrow(message);
  });

  it('refuses an empty file', () => {
    expect(() => parseDigits('', 'digits.csv')).toThrow('digits.csv:1: found an empty file');
  });
});

describe('loadDigits', () => {
  it('reads the 1,797 digits that come with the examples', () => {
    const digits = loadDigits(fileURLToPath(new URL('../../examples/data/digits.csv', import.meta.url)));
    expect(digits).toHaveLength(1797);
    expect(new Set(digits.map(({ label }) => label)).size).toBe(10);
    expect(digits[0]!.pixels.slice(0, 8)).toEqual([0, 0, 5, 13, 9, 1, 0, 0]);
  });
});
