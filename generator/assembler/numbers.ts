/** Where lanes and constants of each type are laid down, lowest byte first. */
const writers = {
  i8: (view: DataView, at: number, text: string) => view.setInt8(at, Number(BigInt.asIntN(8, integer(text)))),
  i16: (view: DataView, at: number, text: string) => view.setInt16(at, Number(BigInt.asIntN(16, integer(text))), true),
  i32: (view: DataView, at: number, text: string) => view.setInt32(at, Number(BigInt.asIntN(32, integer(text))), true),
  i64: (view: DataView, at: number, text: string) => view.setBigInt64(at, integer(text), true),
  f32: (view: DataView, at: number, text: string) => view.setFloat32(at, float(text), true),
  f64: (view: DataView, at: number, text: string) => view.setFloat64(at, float(text), true),
};

export type NumberType = keyof typeof writers;

const sizes: Readonly<Record<NumberType, number>> = { i8: 1, i16: 2, i32: 4, i64: 8, f32: 4, f64: 8 };

/** Numbers as the text format writes them (decimal or hexadecimal integers, decimal floats, inf, nan), as bytes. */
export function bytesOfNumbers(type: NumberType, texts: readonly string[]): Uint8Array {
  const bytes = new Uint8Array(texts.length * sizes[type]);
  const view = new DataView(bytes.buffer);
  for (const [n, text] of texts.entries()) writers[type](view, n * sizes[type], text);
  return bytes;
}

/** @throws Error if it is no integer */
export function integer(text: string): bigint {
  const digits = /^([-+]?)(\d+|0x[\da-f]+)$/i.exec(text);
  if (digits === null) throw new Error(`found ${text}, expected an integer`);
  return digits[1] === '-' ? -BigInt(digits[2] as string) : BigInt(digits[2] as string);
}

function float(text: string): number {
  const plain = text.replace(/^[-+]/, '');
  const sign = text.startsWith('-') ? -1 : 1;
  if (plain === 'inf') return sign * Number.POSITIVE_INFINITY;
  if (plain === 'nan') return Number.NaN;
  if (!/^\d+(?:\.\d*)?(?:e[-+]?\d+)?$/i.test(plain)) throw new Error(`found ${text}, expected a decimal number`);
  return sign * Number(plain);
}
