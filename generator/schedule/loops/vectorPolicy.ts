/** Every number that decides how vector code is laid out (WebAssembly f32x4 on V8 11.3, Node 20). */
export const vectorPolicy = {
  /** Accumulators at once: more spill on Node 20 (12 cost 1.5 to 4 times as much). */
  accumulators: 8,

  /** Vectors of channels among them. */
  vectorsAtOnce: 4,

  /**
   * Turns of the innermost loop of a sum that are written out if there are no more: N2's second convolution takes 0.5
   * instead of 1.1 µs with its 4 channels written out, N3's 58 instead of 21 with 8.
   */
  tapsWrittenOut: 4,

  /** Vectors that one turn of the innermost loop along winners takes. */
  vectorsOfRun: 2,
} as const;
