/** `length` numbers between `low` and `high`, the same for one seed (a linear congruential generator). */
export function randomNumbers(length: number, seed: number, low = -1, high = 1): number[] {
  let state = BigInt(seed >>> 0) * 2n + 1n;
  return Array.from({ length }, () => {
    state = (state * 6364136223846793005n + 1442695040888963407n) & 0xffffffffffffffffn;
    return low + (high - low) * (Number(state >> 11n) / 2 ** 53);
  });
}

/** The number of elements of a shape. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}
