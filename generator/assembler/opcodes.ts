/**
 * What each instruction of the text becomes (WebAssembly 3.0, "Index of Instructions"). The prover reads bytes by a
 * table of its own: a slip in one of them shows.
 */

/** What stands between an instruction's name and its operands. */
export type Immediates = 'none' | 'local' | 'function' | 'label' | 'constant' | 'memory' | 'lane' | 'lanes' | 'zeros';

export interface Opcode {
  readonly bytes: readonly number[];
  readonly immediates: Immediates;
  /** The binary logarithm of the bytes that a load or store touches. */
  readonly alignment: number;
}

type Row = readonly [first: number, immediates: Immediates, names: string];

const compared = 'eq ne lt_s lt_u gt_s gt_u le_s le_u ge_s ge_u';
const integers = 'clz ctz popcnt add sub mul div_s div_u rem_s rem_u and or xor shl shr_s shr_u rotl rotr';
const floats = 'abs neg ceil floor trunc nearest sqrt add sub mul div min max copysign';

const plain: readonly Row[] = [
  [0x00, 'none', 'unreachable nop'],
  [0x0c, 'label', 'br br_if'],
  [0x0f, 'none', 'return'],
  [0x10, 'function', 'call'],
  [0x1a, 'none', 'drop select'],
  [0x20, 'local', 'local.get local.set local.tee'],
  [0x28, 'memory', 'i32.load i64.load f32.load f64.load'],
  [0x36, 'memory', 'i32.store i64.store f32.store f64.store'],
  [0x41, 'constant', 'i32.const i64.const f32.const f64.const'],
  [0x45, 'none', `i32.eqz ${typed('i32', compared)} i64.eqz ${typed('i64', compared)}`],
  [0x5b, 'none', `${typed('f32', 'eq ne lt gt le ge')} ${typed('f64', 'eq ne lt gt le ge')}`],
  [0x67, 'none', `${typed('i32', integers)} ${typed('i64', integers)}`],
  [0x8b, 'none', `${typed('f32', floats)} ${typed('f64', floats)}`],
  [0xa7, 'none', 'i32.wrap_i64 i32.trunc_f32_s i32.trunc_f32_u i32.trunc_f64_s i32.trunc_f64_u'],
  [0xb2, 'none', 'f32.convert_i32_s f32.convert_i32_u f32.convert_i64_s f32.convert_i64_u f32.demote_f64'],
  [0xb7, 'none', 'f64.convert_i32_s f64.convert_i32_u f64.convert_i64_s f64.convert_i64_u f64.promote_f32'],
  [0xbc, 'none', 'i32.reinterpret_f32 i64.reinterpret_f64 f32.reinterpret_i32 f64.reinterpret_i64'],
];

/** Behind the byte 0xfc. */
const saturating: readonly Row[] = [
  [0, 'none', 'i32.trunc_sat_f32_s i32.trunc_sat_f32_u i32.trunc_sat_f64_s i32.trunc_sat_f64_u'],
  [10, 'zeros', 'memory.copy memory.fill'],
];

/** Behind the byte 0xfd. */
const vector: readonly Row[] = [
  [0, 'memory', 'v128.load'],
  [9, 'memory', 'v128.load32_splat v128.load64_splat v128.store'],
  [12, 'constant', 'v128.const'],
  [13, 'lanes', 'i8x16.shuffle'],
  [14, 'none', 'i8x16.swizzle i8x16.splat i16x8.splat i32x4.splat i64x2.splat f32x4.splat f64x2.splat'],
  [27, 'lane', 'i32x4.extract_lane i32x4.replace_lane i64x2.extract_lane i64x2.replace_lane'],
  [31, 'lane', 'f32x4.extract_lane f32x4.replace_lane f64x2.extract_lane f64x2.replace_lane'],
  [55, 'none', typed('i32x4', compared)],
  [65, 'none', typed('f32x4', 'eq ne lt gt le ge')],
  [77, 'none', typed('v128', 'not and andnot or xor bitselect any_true')],
  [86, 'lane', 'v128.load32_lane v128.load64_lane'],
  [90, 'lane', 'v128.store32_lane v128.store64_lane'],
  [92, 'memory', 'v128.load32_zero v128.load64_zero'],
  [103, 'none', typed('f32x4', 'ceil floor trunc nearest')],
  [160, 'none', typed('i32x4', 'abs neg')],
  [163, 'none', typed('i32x4', 'all_true bitmask')],
  [171, 'none', typed('i32x4', 'shl shr_s shr_u add')],
  [177, 'none', 'i32x4.sub'],
  [181, 'none', typed('i32x4', 'mul min_s min_u max_s max_u')],
  [224, 'none', typed('f32x4', 'abs neg')],
  [227, 'none', typed('f32x4', 'sqrt add sub mul div min max pmin pmax')],
  [248, 'none', 'i32x4.trunc_sat_f32x4_s i32x4.trunc_sat_f32x4_u f32x4.convert_i32x4_s f32x4.convert_i32x4_u'],
  [261, 'none', typed('f32x4', 'relaxed_madd relaxed_nmadd')],
];

function typed(type: string, names: string): string {
  return names.replaceAll(/\S+/g, (name) => `${type}.${name}`);
}

function alignmentOf(name: string): number {
  const [, bits] = /\.(?:load|store)(\d*)/.exec(name) ?? [];
  if (bits === undefined) return 0;
  const whole: Record<string, number> = { i32: 32, f32: 32, i64: 64, f64: 64, v128: 128 };
  return Math.log2((bits === '' ? (whole[name.split('.')[0] as string] as number) : Number(bits)) / 8);
}

/** The low seven bits first, as all numbers of the binary format. */
function numbered(prefix: number, code: number): readonly number[] {
  return code < 128 ? [prefix, code] : [prefix, (code % 128) | 0x80, code >> 7];
}

function tabulate(rows: readonly Row[], bytesOf: (code: number) => readonly number[]): [string, Opcode][] {
  return rows.flatMap(([first, immediates, names]) =>
    names.split(' ').map((name, n): [string, Opcode] => {
      return [name, { bytes: bytesOf(first + n), immediates, alignment: alignmentOf(name) }];
    }),
  );
}

export const opcodes: ReadonlyMap<string, Opcode> = new Map([
  ...tabulate(plain, (code) => [code]),
  ...tabulate(saturating, (code) => numbered(0xfc, code)),
  ...tabulate(vector, (code) => numbered(0xfd, code)),
]);
