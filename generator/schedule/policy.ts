/**
 * Every number that decides how code is laid out, with the measurement behind it (V8 11.3, Node 20; the figures are
 * ratios of one run each).
 */
export const policy = {
  /**
   * Up to this many reads a pass is one function with every number in a named local, which reads best. Above it the
   * locals spill: 0.26 against 0.20 ns a multiply-add with the images read in place.
   */
  readsInOneFunction: 600,

  /**
   * Reads in one function of a larger pass. Functions of 250 to 1,000 multiply-adds run alike; larger ones leave the
   * 32 kB of machine code that the processor's instruction cache holds.
   */
  readsInFunction: 1200,

  /** Named locals that a larger function may load at its entry; the rest is read in place. */
  localsInFunction: 80,

  /** V8 never optimises a function with more bytecode than this (`max_optimized_bytecode_size`), 15 to 95 times slower. */
  bytecodeLimit: 61_440,

  /** Sums of more terms are written as two halves, which run side by side: 10 to 20 % faster. */
  termsInOneSum: 16,

  /**
   * Reads that a network may have in all when written out. Above it the functions take seconds to be optimised and the
   * file megabytes; loops are faster there.
   */
  maxTerms: 100_000,
} as const;
