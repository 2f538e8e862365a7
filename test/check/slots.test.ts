import { describe, expect, it } from 'vitest';
import { randomNumbers, shuffled } from '../../generator/check/random.ts';
import { chooseSlots, type Variable, variablesOf } from '../../generator/check/slots.ts';
import { affordableSlots } from '../../generator/check/work.ts';
import { stages } from '../../generator/pipeline.ts';

const variable = (name: string, count: number, frozen = false): Variable => ({
  name,
  shape: [count],
  of: 'parameters',
  offset: 0,
  count,
  frozen,
});

const choose = (variables: readonly Variable[], samples: number, perSample: number) =>
  chooseSlots(variables, samples, perSample, randomNumbers(1)).map((chosen) =>
    Object.fromEntries([...chosen].map(([{ name }, slots]) => [name, slots])),
  );

describe('the slots that are differenced', () => {
  it('are shared out equally, and what a small variable leaves goes to the large', () => {
    const [chosen] = choose([variable('large', 50), variable('small', 3), variable('middle', 20)], 1, 33);
    expect(Object.entries(chosen!).map(([name, slots]) => [name, slots.length])).toEqual([
      ['small', 3],
      ['middle', 15],
      ['large', 15],
    ]);
  });

  it('are others in each sample until all had their turn', () => {
    const samples = choose([variable('w', 12)], 3, 4);
    const all = samples.flatMap(({ w }) => w!);
    expect(all.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 12 }, (_, n) => n));
    expect(all).not.toEqual(all.toSorted((a, b) => a - b));
  });

  it('are all of them where there are enough, and none of a frozen variable', () => {
    const samples = choose([variable('w', 4), variable('frozen', 4, true)], 2, 100);
    for (const chosen of samples) expect(Object.keys(chosen)).toEqual(['w']);
    for (const { w } of samples) expect(w!.toSorted()).toEqual([0, 1, 2, 3]);
  });

  it('are no more than asked for, even with more variables than slots', () => {
    const variables = Array.from({ length: 10 }, (_, n) => variable(`w${n}`, 5));
    expect(Object.values(choose(variables, 1, 4)[0]!).flat()).toHaveLength(4);
  });

  it('are fewer of a larger network, and at least one', () => {
    const network = (units: number) =>
      stages.parse({ name: 'n', input: [units], layers: [{ type: 'dense', units }], loss: 'squaredError' });
    const counts = [10, 300, 1000, 20_000].map((units) => affordableSlots(network(units), 3));
    expect(counts[0]).toBeGreaterThan(1000);
    expect(counts).toEqual(counts.toSorted((a, b) => b - a));
    expect(counts.at(-1)).toBe(1);
  });
});

it('a network has its parameters and its input for variables', () => {
  const network = stages.parse({
    name: 'n',
    input: [2, 2, 3],
    layers: [{ type: 'batchNormalization' }, { type: 'conv2d', filters: 2, kernelSize: [1, 2] }],
  });
  expect(variablesOf(network).map(({ name, of, offset, count, frozen }) => [name, of, offset, count, frozen])).toEqual([
    ['batchNormalization1/gamma', 'parameters', 0, 3, false],
    ['batchNormalization1/beta', 'parameters', 3, 3, false],
    ['batchNormalization1/movingMean', 'parameters', 6, 3, true],
    ['batchNormalization1/movingVariance', 'parameters', 9, 3, true],
    ['conv2d1/kernel', 'parameters', 12, 12, false],
    ['conv2d1/bias', 'parameters', 24, 2, false],
    ['input', 'input', 0, 12, false],
  ]);
});

it('shuffling keeps every number', () => {
  const numbers = shuffled(100, randomNumbers(3));
  expect(numbers.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, n) => n));
  expect(numbers[0]).not.toBe(0);
});
