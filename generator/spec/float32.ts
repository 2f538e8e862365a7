import type { Network } from './network.ts';
import type { Problem } from './problem.ts';

/** How much of a number may be lost, as a share of it: with less than half of its digits it is another one. */
const mostLost = 2 ** -12;

/**
 * Every number among a network's options that float32 cannot represent: an epsilon of 1e-46 would be 0, one of 1e-45 is
 * 40 % larger than it says.
 */
export function unrepresentable({ layers, optimizer }: Network): readonly Problem[] {
  const found = [
    ...layers.flatMap(({ options }, position) => numbersIn(options, `layers[${position}]`)),
    ...numbersIn(optimizer, 'optimizer'),
  ];
  return found.flatMap(({ path, value }) => {
    if (Math.abs(Math.fround(value) - value) <= mostLost * Math.abs(value)) return [];
    const right = Math.abs(value) < 1 ? 'a number from 1e-41 up' : 'a number up to 3.4e38';
    const expected = `expected ${right}, as the form wasm computes in float32; --form fast computes in float64`;
    return [{ path, found: `found ${value}`, expected }];
  });
}

function numbersIn(value: unknown, path: string): readonly { readonly path: string; readonly value: number }[] {
  if (typeof value === 'number') return Number.isFinite(value) ? [{ path, value }] : [];
  if (Array.isArray(value)) return value.flatMap((each, position) => numbersIn(each, `${path}[${position}]`));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, each]) => numbersIn(each, `${path}.${key}`));
}
