/**
 * Every number that decides how code is laid out, with the measurement behind it (V8 11.3, Node 20; the figures are
 * ratios of one run each).
 */
export const policy = {
  /**
   * Up to this many reads a pass is one function, block after block under its equations, which reads best; about
   * 40 kB of bytecode.
   */
  readsInOneFunction: 1500,

  /**
   * Reads in one function of a larger pass. On N2, 500 were 10 % slower, 700 5 %, 2,000 level; 3,000 went past the
   * bytecode limit and a training step took 118 µs instead of 9.
   */
  readsInFunction: 1200,

  /**
   * Numbers in the scratch array in which a pool's window is compared without branches. Math.max of four with the winner
   * by comparisons takes 0.9 µs of N2's 3.6 µs forward, as its branches cannot be predicted.
   */
  scratchSize: 16,

  /**
   * Operands of one chain `a + b + …` or `Math.max(a, b, …)`. For each operand the TypeScript compiler walks up all of its
   * chain: a module with sums of 6,000 terms type-checks in 26 s, in runs of 128 in 3.5. An engine takes 65,534 arguments
   * at most.
   */
  operandsInChain: 128,

  /** Below this many parameters `step` clears each gradient where it uses it; from here on `fill` is quicker. */
  parametersInPlainLoop: 64,

  /** V8 never optimises a function with more bytecode than this (`max_optimized_bytecode_size`), 15 to 95 times slower. */
  bytecodeLimit: 61_440,

  /**
   * Terms up to which `auto` writes a network out: so far a file can be read as a whole, and a step takes about as long
   * as in loops (0.9 against 0.8 µs at 616 MACs; 6.2 against 4.2 µs at 7,232). Loops also start hundreds of times sooner.
   */
  termsUnrolled: 3000,

  /**
   * Terms that a network may have in all when written out. Above it the functions take seconds to be optimised and the
   * file megabytes; loops are faster there.
   */
  maxTerms: 100_000,
} as const;
