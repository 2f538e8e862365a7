/** Every number that decides where a convolution goes by transformed tiles (WebAssembly f32x4 on V8 11.3, Node 20). */
export const winogradPolicy = {
  /**
   * Neighbours in a tile along an axis, by the size of the kernel there, the best first. One sample forward, against the sum
   * as it stands: 16×16×32, 3×3 0.47 with 4, 6×6×16 0.85 with 2; 16×16×16, 5×5 0.58 with 2. More products than 6 have no
   * points that float32 bears.
   */
  outputs: { 3: [4, 2], 5: [2] } as Readonly<Record<number, readonly number[]>>,

  /** Channels on both sides: 16×16×8 takes 0.62 of its time, 8×8×8 0.75; with fewer, vectors of the image are not full. */
  channels: 8,

  /**
   * Tiles for which a kernel is transformed, which a single sample does for itself: one tile of 4×4 takes 1.34 to 1.78 times
   * as long as the sum, four 0.69 to 0.75.
   */
  tiles: 4,
} as const;
