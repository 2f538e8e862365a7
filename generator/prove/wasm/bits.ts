const floats = new Float32Array(1);
const words = new Int32Array(floats.buffer);

/** The bits of a float32, as a signed integer. */
export function bitsOf(float: number): number {
  floats[0] = float;
  return words[0]!;
}

/** The float32 of these bits. */
export function floatFromBits(bits: number): number {
  words[0] = bits;
  return floats[0]!;
}
