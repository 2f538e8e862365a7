import type { Residue } from './field.ts';

/** MurmurHash3's finaliser (Austin Appleby, public domain): every bit of the argument changes half of the result's. */
function mix(n: number): number {
  let mixed = n ^ (n >>> 16);
  mixed = Math.imul(mixed, 0x85ebca6b);
  mixed ^= mixed >>> 13;
  mixed = Math.imul(mixed, 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}

function absorb(state: number, word: number): number {
  return Math.imul(mix(state ^ word), 5) + 0x6b79f5d1;
}

/** A number of 32 bits that looks random and is always the same for the same words. */
function scramble(words: readonly number[], start: number): number {
  let state = start;
  for (const word of words) state = absorb(state, word);
  return mix(state) >>> 0;
}

/** A residue that looks uniformly random and is always the same for the same 32-bit words. */
export function randomResidue(...words: number[]): Residue {
  return { hi: scramble(words, 0x9e3779b9) >>> 2, lo: scramble(words, 0x3c6ef372) >>> 1 };
}

/** Likewise a number in [0, 1). */
export function randomFraction(...words: number[]): number {
  return scramble(words, 0x1b873593) / 2 ** 32;
}
