import { randomNumbers } from '../../generator/check/random.ts';
import { SpecError } from '../../generator/spec/problem.ts';

/** Numbers at which readers stumble: limits of 8, 16, 32 bits, and what lies beside them. */
const awkward = [0, 1, 0x7f, 0x80, 0xff, 0x7fff, 0xffff, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff];

/** A file with one to four damages: bits, bytes, numbers, pieces lost, doubled, moved, or an end that is missing. */
export function damage(file: Uint8Array, random: () => number): Uint8Array {
  let bytes = Uint8Array.from(file);
  const upTo = (n: number) => Math.floor(random() * n);
  for (let times = 1 + upTo(4); times > 0; times--) {
    // Most of what readers decide on stands at the front and at the end.
    const near = [
      upTo(bytes.length),
      upTo(Math.min(bytes.length, 300)),
      bytes.length - 1 - upTo(Math.min(bytes.length, 300)),
    ];
    const at = Math.max(0, near[upTo(3)]!);
    const length = 1 + upTo(40);
    const kinds: readonly (() => void)[] = [
      () => (bytes[at]! ^= 1 << upTo(8)),
      () => (bytes[at] = awkward[upTo(5)]!),
      () => {
        const value = awkward[upTo(awkward.length)]!;
        for (let n = 0; n < 4 && at + n < bytes.length; n++) bytes[at + n] = value >>> (8 * n);
      },
      () => (bytes = bytes.slice(0, at)),
      () => (bytes = Uint8Array.from([...bytes.subarray(0, at), ...bytes.subarray(at + length)])),
      () => (bytes = Uint8Array.from([...bytes.subarray(0, at + length), ...bytes.subarray(at)])),
      () => bytes.copyWithin(at, upTo(bytes.length), upTo(bytes.length)),
    ];
    if (bytes.length > 0) kinds[upTo(kinds.length)]!();
  }
  return bytes;
}

/** How damaged files fared. */
export interface Tally {
  read: number;
  refused: number;
}

/**
 * Reads `runs` damaged copies of a file: each is read, or refused with a SpecError, within a second.
 *
 * @throws Error with the seed of the first that ends otherwise
 */
export function readDamaged(file: Uint8Array, read: (bytes: Uint8Array) => unknown, runs: number, seed = 1): Tally {
  const tally = { read: 0, refused: 0 };
  for (let n = 0; n < runs; n++) {
    const bytes = damage(file, randomNumbers(seed + n));
    const begin = performance.now();
    try {
      read(bytes);
      tally.read++;
    } catch (error) {
      if (!(error instanceof SpecError)) throw new Error(`seed ${seed + n}: ${error}`, { cause: error });
      tally.refused++;
    }
    const time = performance.now() - begin;
    if (time > 2000) throw new Error(`seed ${seed + n}: took ${Math.round(time)} ms`);
  }
  return tally;
}
