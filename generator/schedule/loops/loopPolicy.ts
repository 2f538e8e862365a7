/** Every number that decides how loops are laid out, with the measurement behind it (V8 11.3, Node 20). */
export const loopPolicy = {
  /**
   * Accumulators at once: 2 places × 4 channels. ResNet8's first convolutions take 0.85 of the time of 2 × 3, which leave one
   * of 16 channels over; with two turns of the innermost loop at once they take as long, with 3 × 4 and 4 × 4 longer.
   */
  block: [2, 4],

  /** Accumulators at once where only one factor has an index of its own, as in a dense layer. */
  blockAlone: 10,

  /** Products of one accumulator of a block that are written out: its loads need the registers. */
  tapsOfBlock: 3,

  /** Products of one accumulator that are written out in the innermost loop. */
  tapsWrittenOut: 10,

  /** Values of a window that are compared without a loop. */
  candidatesWrittenOut: 16,

  /** From this many products on, it pays to ask whether their common factor is 0. */
  workWorthSkipping: 4,

  /** Columns of an image that are written out, and products with rows as well. */
  columnsWrittenOut: 32,
  spaceWrittenOut: 160,

  /**
   * So few products are written out though sums are over places: without loops N1's batches take 0.94 of the time of a
   * kernel's gradient of 2×2 sums of 9 in loops.
   */
  fewProducts: 40,

  /**
   * From so many taps in a row of a kernel on, columns are written out however many channels there are. With fewer taps and
   * so many channels the sums in memory cost more than they save: a step of ResNet8 takes 0.84 of the time with blocks for
   * all its 3×3 kernels, and N3, whose kernels are 5×5, 1.2 times as long.
   */
  tapsOfSpace: 4,
  channelsOfBlock: 16,

  /** Products of a row of an outer product, such as a dense layer's gradient, that are written out. */
  rowWrittenOut: 16,

  /** Numbers of a kernel from which on the sums along winners pay for a copy in which they lie together. */
  kernelWorthTurning: 1024,

  /** Products of one winner that are written out. */
  productsWrittenOut: 40,

  /** Neighbours that one turn of the innermost loop along winners takes. */
  runAtOnce: 4,

  /** Parameters that one turn of `step` updates: 0.54 instead of 1.3 µs for N2's 666. */
  parametersAtOnce: 4,
} as const;
