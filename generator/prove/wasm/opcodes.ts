/**
 * The instructions that exact arithmetic follows, by their bytes (WebAssembly 3.0, "Index of Instructions"): those on
 * i32, f32 and four lanes of either, and sums in f64. Any other opcode is refused where it stands.
 */

/** What follows an opcode. */
export type Immediates =
  | 'none'
  | 'block'
  /** A local, a function or a label. */
  | 'index'
  | 'i32'
  | 'f32'
  | 'f64'
  /** An alignment and an offset. */
  | 'memory'
  | 'memoryLane'
  | 'lane'
  | 'lanes'
  | 'bytes'
  /** The number of a memory, once or twice. */
  | 'space'
  | 'spaces';

export interface Opcode {
  readonly name: string;
  readonly immediates: Immediates;
}

type Row = readonly [first: number, immediates: Immediates, names: string];

/** Rows of opcodes without a gap, from `first` on. */
const plain: readonly Row[] = [
  [0x00, 'none', 'unreachable nop'],
  [0x02, 'block', 'block loop if'],
  [0x05, 'none', 'else'],
  [0x0b, 'none', 'end'],
  [0x0c, 'index', 'br br_if'],
  [0x0f, 'none', 'return'],
  [0x10, 'index', 'call'],
  [0x1a, 'none', 'drop select'],
  [0x20, 'index', 'local.get local.set local.tee'],
  [0x28, 'memory', 'i32.load'],
  [0x2a, 'memory', 'f32.load'],
  [0x36, 'memory', 'i32.store'],
  [0x38, 'memory', 'f32.store'],
  [0x41, 'i32', 'i32.const'],
  [0x43, 'f32', 'f32.const'],
  [0x44, 'f64', 'f64.const'],
  [0x45, 'none', 'i32.eqz i32.eq i32.ne i32.lt_s i32.lt_u i32.gt_s i32.gt_u i32.le_s i32.le_u i32.ge_s i32.ge_u'],
  [0x5b, 'none', 'f32.eq f32.ne f32.lt f32.gt f32.le f32.ge'],
  [0x67, 'none', 'i32.clz i32.ctz i32.popcnt i32.add i32.sub i32.mul i32.div_s i32.div_u i32.rem_s i32.rem_u'],
  [0x71, 'none', 'i32.and i32.or i32.xor i32.shl i32.shr_s i32.shr_u i32.rotl i32.rotr'],
  [0x8b, 'none', 'f32.abs f32.neg f32.ceil f32.floor f32.trunc f32.nearest f32.sqrt'],
  [0x92, 'none', 'f32.add f32.sub f32.mul f32.div f32.min f32.max f32.copysign'],
  [0xa0, 'none', 'f64.add f64.sub f64.mul f64.div'],
  [0xb2, 'none', 'f32.convert_i32_s f32.convert_i32_u'],
  [0xb6, 'none', 'f32.demote_f64'],
  [0xbb, 'none', 'f64.promote_f32'],
  [0xbc, 'none', 'i32.reinterpret_f32'],
  [0xbe, 'none', 'f32.reinterpret_i32'],
];

/** Those behind the byte 0xfc. */
const saturating: readonly Row[] = [
  [0, 'none', 'i32.trunc_sat_f32_s i32.trunc_sat_f32_u'],
  [10, 'spaces', 'memory.copy'],
  [11, 'space', 'memory.fill'],
];

/** Those behind the byte 0xfd. */
const vector: readonly Row[] = [
  [0, 'memory', 'v128.load'],
  [9, 'memory', 'v128.load32_splat v128.load64_splat v128.store'],
  [12, 'bytes', 'v128.const'],
  [13, 'lanes', 'i8x16.shuffle'],
  [17, 'none', 'i32x4.splat'],
  [19, 'none', 'f32x4.splat'],
  [27, 'lane', 'i32x4.extract_lane i32x4.replace_lane'],
  [31, 'lane', 'f32x4.extract_lane f32x4.replace_lane'],
  [
    55,
    'none',
    'i32x4.eq i32x4.ne i32x4.lt_s i32x4.lt_u i32x4.gt_s i32x4.gt_u i32x4.le_s i32x4.le_u i32x4.ge_s i32x4.ge_u',
  ],
  [65, 'none', 'f32x4.eq f32x4.ne f32x4.lt f32x4.gt f32x4.le f32x4.ge'],
  [77, 'none', 'v128.not v128.and v128.andnot v128.or v128.xor v128.bitselect v128.any_true'],
  [86, 'memoryLane', 'v128.load32_lane v128.load64_lane'],
  [90, 'memoryLane', 'v128.store32_lane v128.store64_lane'],
  [92, 'memory', 'v128.load32_zero v128.load64_zero'],
  [103, 'none', 'f32x4.ceil f32x4.floor f32x4.trunc f32x4.nearest'],
  [160, 'none', 'i32x4.abs i32x4.neg'],
  [163, 'none', 'i32x4.all_true i32x4.bitmask'],
  [171, 'none', 'i32x4.shl i32x4.shr_s i32x4.shr_u i32x4.add'],
  [177, 'none', 'i32x4.sub'],
  [181, 'none', 'i32x4.mul i32x4.min_s i32x4.min_u i32x4.max_s i32x4.max_u'],
  [224, 'none', 'f32x4.abs f32x4.neg'],
  [227, 'none', 'f32x4.sqrt f32x4.add f32x4.sub f32x4.mul f32x4.div f32x4.min f32x4.max f32x4.pmin f32x4.pmax'],
  [248, 'none', 'i32x4.trunc_sat_f32x4_s i32x4.trunc_sat_f32x4_u f32x4.convert_i32x4_s f32x4.convert_i32x4_u'],
  [261, 'none', 'f32x4.relaxed_madd f32x4.relaxed_nmadd'],
  [267, 'none', 'i32x4.relaxed_laneselect'],
  [269, 'none', 'f32x4.relaxed_min f32x4.relaxed_max'],
];

function tabulate(rows: readonly Row[]): ReadonlyMap<number, Opcode> {
  const opcodes = new Map<number, Opcode>();
  for (const [first, immediates, names] of rows) {
    for (const [n, name] of names.split(' ').entries()) {
      opcodes.set(first + n, { name, immediates });
    }
  }
  return opcodes;
}

/** By the byte in front, 0 for none, and then by the number behind it. */
export const opcodes: ReadonlyMap<number, ReadonlyMap<number, Opcode>> = new Map([
  [0, tabulate(plain)],
  [0xfc, tabulate(saturating)],
  [0xfd, tabulate(vector)],
]);
