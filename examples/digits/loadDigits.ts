import { readFileSync } from 'node:fs';
import { basename } from 'node:path';

/** Height and width of every image. */
export const side = 8;
/** How many different labels there are. */
export const classCount = 10;
/** The value of a pixel that is all ink. */
export const darkest = 16;

/** A handwritten digit: its pixels in row-major order, 0 (paper) to 16 (ink), and which digit it is. */
export interface Digit {
  readonly pixels: readonly number[];
  readonly label: number;
}

/** Data that cannot be used; the message starts with `file:line` or `file:line:field`, all counted from 1. */
export class DataError extends Error {
  constructor(place: string, found: string, expected: string) {
    super(`${place}: found ${found}; expected ${expected}`);
    this.name = 'DataError';
  }
}

/** Reads the digits from a file of comma-separated lines: 64 pixels, then the label. */
export function loadDigits(path: string): Digit[] {
  return parseDigits(readFileSync(path, 'utf8'), basename(path));
}

/** The digits in a text; `file` is the name that errors give. */
export function parseDigits(text: string, file: string): Digit[] {
  const lines = text.split(/\r?\n/);
  // The newline that ends the last line starts no further one.
  if (lines.at(-1) === '') lines.pop();
  if (lines.length === 0) throw new DataError(`${file}:1`, 'an empty file', 'a digit on every line');
  return lines.map((line, index) => parseDigit(line, `${file}:${index + 1}`));
}

/** The digit on one line. */
function parseDigit(line: string, place: string): Digit {
  const fields = line.split(',');
  const pixelCount = side * side;
  if (fields.length !== pixelCount + 1) {
    const found = line.trim() === '' ? 'an empty line' : `${fields.length} fields`;
    throw new DataError(place, found, `${pixelCount} pixels and a label`);
  }
  const pixels = fields
    .slice(0, pixelCount)
    .map((field, index) => parseWhole(field, darkest, 'a pixel', `${place}:${index + 1}`));
  const label = parseWhole(fields[pixelCount]!, classCount - 1, 'a label', `${place}:${pixelCount + 1}`);
  return { pixels, label };
}

/** A whole number from 0 to `most`. */
function parseWhole(field: string, most: number, what: string, place: string): number {
  const text = field.trim();
  // Digits only: Number alone would also take '', '1e1' and '0x1'.
  if (!/^\d+$/.test(text) || Number(text) > most) {
    throw new DataError(place, JSON.stringify(text), `${what}, a whole number from 0 to ${most}`);
  }
  return Number(text);
}
