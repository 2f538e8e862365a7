/** Numbers in one vector: float32 in 128 bits. */
export const lanes = 4;

/** Every number that decides how vector code is laid out (WebAssembly f32x4 on V8 11.3, Node 20). */
export const vectorPolicy = {
  /** Accumulators at once: more spill on Node 20 (12 cost 1.5 to 4 times as much). */
  accumulators: 8,

  /** Accumulators at once where each lane has its own numbers of both factors. */
  accumulatorsApart: 9,

  /** Turns of the innermost loops of such a sum that are written out if there are no more. */
  tapsApart: 7,

  /** Vectors of channels among them. */
  vectorsAtOnce: 4,

  /**
   * Turns of the innermost loop of a sum that are written out if there are no more: N2's first convolution takes 0.18
   * instead of 0.25 µs with its 3 columns written out. V8 moves all loads of a body to its front, so that more of them
   * leave no registers for sums: N5's first convolution takes 28 instead of 21 µs with 4, N3's 13 instead of 7.6 with 5.
   */
  tapsWrittenOut: 3,

  /**
   * Loads of one number into all lanes, in one body, whose places are offsets. V8 folds no offset into such a load but
   * keeps each sum of memory and offset in a register: N2's first convolution with 12 takes 0.16 instead of 0.19 µs with
   * added addresses, N3's with 4 takes 8.4 instead of 7.6.
   */
  splatsByOffset: 8,

  /**
   * Share of turns outside an image from which on a loop leaves them out: 5 % of N3's second convolution, which then takes
   * 16.8 instead of 17.5 µs.
   */
  turnsWorthLeavingOut: 0.02,

  /**
   * Terms, and partial sums, that are added up in one number of float32; see `RunLimits`. N3's second convolution, 200
   * terms, took 3.7 % longer in five runs than in one; now it has two.
   */
  runs: { alone: 64, terms: 128, partial: 32 },

  /** Sums beside one another whose terms are added four at a time. */
  sumsAcross: 4,

  /** Numbers that one turn of a loop copies where they do not lie side by side. */
  numbersAtOnce: 8,

  /** Products of one winner that are written out. */
  productsWrittenOut: 24,

  /** Sums along winners that stay in locals while all winners of a filter are gone through. */
  sumsHeld: 10,

  /** How often a sum must use each number of a kernel for a copy of the kernel to pay. */
  usesOfCopy: 4,

  /** Samples of one call, and bytes that they take: more at once save nothing, and the memory of a model would grow. */
  samplesAtOnce: 32,
  bytesOfBatch: 2 ** 18,

  /** Vectors that one turn of the innermost loop along winners takes. */
  vectorsOfRun: 2,
} as const;
