import { describe, expect, it } from 'vitest';
import { mulberry32, shuffled } from '../../examples/digits/random.ts';
import { splitDigits, toSample } from '../../examples/digits/samples.ts';

const digits = Array.from({ length: 50 }, (_, index) => ({
  pixels: new Array(64).fill(index % 17),
  label: index % 10,
}));

describe('mulberry32', () => {
  it('gives the published sequence of its seed', () => {
    const random = mulberry32(1);
    expect([random(), random(), random()]).toEqual([0.6270739405881613, 0.002735721180215478, 0.5274470399599522]);
  });

  it('stays in [0, 1) and fills it evenly', () => {
    const random = mulberry32(7);
    const counts = new Array<number>(10).fill(0);
    for (let draw = 0; draw < 10_000; draw++) counts[Math.floor(random() * 10)]!++;
    for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(150);
  });
});

describe('shuffled', () => {
  it('keeps every item once and leaves the array that it was given alone', () => {
    const items = Array.from({ length: 20 }, (_, index) => index);
    const result = shuffled(items, mulberry32(1));
    expect(items).toEqual(Array.from({ length: 20 }, (_, index) => index));
    expect(result).not.toEqual(items);
    expect(result.toSorted((a, b) => a - b)).toEqual(items);
  });

  it('gives every order of three items about as often', () => {
    const random = mulberry32(3);
    const counts = new Map<string, number>();
    for (let draw = 0; draw < 6000; draw++) {
      const order = shuffled(['a', 'b', 'c'], random).join('');
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(6);
    for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(150);
  });
});

describe('splitDigits', () => {
  it('puts every digit on one side only', () => {
    const { training, test } = splitDigits(digits, 40, 1);
    expect([training.length, test.length]).toEqual([40, 10]);
    expect(new Set([...training, ...test])).toEqual(new Set(digits));
  });

  it('splits alike for the same seed and otherwise for another', () => {
    expect(splitDigits(digits, 40, 1)).toEqual(splitDigits(digits, 40, 1));
    expect(splitDigits(digits, 40, 1).test).not.toEqual(splitDigits(digits, 40, 2).test);
  });

  it.each([0, 50, 51])('refuses to take %i of 50 digits for training', (count) => {
    expect(() => splitDigits(digits, count, 1)).toThrow(RangeError);
  });
});

describe('toSample', () => {
  it('scales the pixels to 0..1 and makes the label one-hot', () => {
    const sample = toSample({ pixels: [0, 4, 16], label: 2 });
    expect([...sample.input]).toEqual([0, 0.25, 1]);
    expect([...sample.target]).toEqual([0, 0, 1, 0, 0, 0, 0, 0, 0, 0]);
    expect(sample.label).toBe(2);
  });
});
