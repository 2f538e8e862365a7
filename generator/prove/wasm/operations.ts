import type { ValueType } from './decode.ts';

/**
 * What each instruction without structure does, as JavaScript. Integers are plain numbers and their operators are
 * JavaScript's own; a number of the network among them throws, as it refuses to become one. Everything that may meet
 * such a number is a method of `$`, see `Lanes`.
 */
export interface Operation {
  readonly operands: readonly ValueType[];
  readonly result: ValueType;
  /** The text of the result, or of one lane of it, from those of its operands. */
  readonly text: (operands: readonly string[], place: string) => string;
  /** What may be found of it at some point but never was: one entry for each of its outcomes. */
  readonly arms?: readonly string[];
}

const i32: Readonly<Record<string, (a: string, b: string) => string>> = {
  add: (a, b) => `(${a} + ${b} | 0)`,
  sub: (a, b) => `(${a} - ${b} | 0)`,
  mul: (a, b) => `Math.imul(${a}, ${b})`,
  div_s: (a, b) => `$.quotient(${a} | 0, ${b} | 0)`,
  div_u: (a, b) => `$.quotient(${a} >>> 0, ${b} >>> 0)`,
  rem_s: (a, b) => `$.remainder(${a} | 0, ${b} | 0)`,
  rem_u: (a, b) => `$.remainder(${a} >>> 0, ${b} >>> 0)`,
  and: (a, b) => `(${a} & ${b})`,
  or: (a, b) => `(${a} | ${b})`,
  xor: (a, b) => `(${a} ^ ${b})`,
  shl: (a, b) => `(${a} << ${b})`,
  shr_s: (a, b) => `(${a} >> ${b})`,
  shr_u: (a, b) => `(${a} >>> ${b} | 0)`,
  rotl: (a, b) => `(${a} << ${b} | ${a} >>> 32 - ${b})`,
  rotr: (a, b) => `(${a} >>> ${b} | ${a} << 32 - ${b})`,
};

const i32Comparisons: Readonly<Record<string, (a: string, b: string) => string>> = {
  eq: (a, b) => `(${a} | 0) === (${b} | 0)`,
  ne: (a, b) => `(${a} | 0) !== (${b} | 0)`,
  lt_s: (a, b) => `(${a} | 0) < (${b} | 0)`,
  lt_u: (a, b) => `(${a} >>> 0) < (${b} >>> 0)`,
  gt_s: (a, b) => `(${a} | 0) > (${b} | 0)`,
  gt_u: (a, b) => `(${a} >>> 0) > (${b} >>> 0)`,
  le_s: (a, b) => `(${a} | 0) <= (${b} | 0)`,
  le_u: (a, b) => `(${a} >>> 0) <= (${b} >>> 0)`,
  ge_s: (a, b) => `(${a} | 0) >= (${b} | 0)`,
  ge_u: (a, b) => `(${a} >>> 0) >= (${b} >>> 0)`,
};

const f32Unary = ['abs', 'neg', 'ceil', 'floor', 'trunc', 'nearest', 'sqrt'];
const f32Binary = 'add sub mul div'.split(' ');
/** Those that choose one of their operands. */
const f32Choices = ['min', 'max', 'pmin', 'pmax'];
const f32Comparisons = ['eq', 'ne', 'lt', 'gt', 'le', 'ge'];
const truths = ['is never true', 'is never false'];
const winners = ['never takes its first operand', 'never takes its second'];

const operations = new Map<string, Operation>();

/** The same instruction on a number and on each of four lanes. */
function define(name: string, one: Operation, vectorPrefix: string | undefined): void {
  const [prefix, method] = name.split('.') as [string, string];
  operations.set(`${prefix}.${method}`, one);
  if (vectorPrefix === undefined) return;
  operations.set(`${vectorPrefix}.${method}`, { ...one, operands: one.operands.map(() => 'v128'), result: 'v128' });
}

for (const [name, join] of Object.entries(i32)) {
  const isVector = /^(add|sub|mul)$/.test(name);
  const one: Operation = { operands: ['i32', 'i32'], result: 'i32', text: ([a, b]) => join(a!, b!) };
  define(`i32.${name}`, one, isVector ? 'i32x4' : undefined);
}
for (const shift of ['shl', 'shr_s', 'shr_u']) {
  const join = i32[shift]!;
  operations.set(`i32x4.${shift}`, {
    operands: ['v128', 'i32'],
    result: 'v128',
    text: ([a, b]) => join(a!, b!),
  });
}
for (const [name, join] of Object.entries(i32Comparisons)) {
  operations.set(`i32.${name}`, {
    operands: ['i32', 'i32'],
    result: 'i32',
    text: ([a, b]) => `(${join(a!, b!)} ? 1 : 0)`,
  });
  operations.set(`i32x4.${name}`, {
    operands: ['v128', 'v128'],
    result: 'v128',
    text: ([a, b]) => `(${join(a!, b!)} ? -1 : 0)`,
  });
}
for (const [name, sign] of [
  ['min_s', '<'],
  ['max_s', '>'],
] as const) {
  operations.set(`i32x4.${name}`, {
    operands: ['v128', 'v128'],
    result: 'v128',
    text: ([a, b]) => `((${a} | 0) ${sign} (${b} | 0) ? ${a} : ${b})`,
  });
}
for (const [name, sign] of [
  ['min_u', '<'],
  ['max_u', '>'],
] as const) {
  operations.set(`i32x4.${name}`, {
    operands: ['v128', 'v128'],
    result: 'v128',
    text: ([a, b]) => `((${a} >>> 0) ${sign} (${b} >>> 0) ? ${a} : ${b})`,
  });
}
operations.set('i32.eqz', { operands: ['i32'], result: 'i32', text: ([a]) => `((${a} | 0) === 0 ? 1 : 0)` });
operations.set('i32.clz', { operands: ['i32'], result: 'i32', text: ([a]) => `Math.clz32(${a})` });
operations.set('i32x4.abs', { operands: ['v128'], result: 'v128', text: ([a]) => `(Math.abs(${a} | 0) | 0)` });
operations.set('i32x4.neg', { operands: ['v128'], result: 'v128', text: ([a]) => `(0 - ${a} | 0)` });

for (const name of f32Unary) {
  define(`f32.${name}`, { operands: ['f32'], result: 'f32', text: ([a]) => `$.${name}(${a})` }, 'f32x4');
}
for (const name of f32Binary) {
  const one: Operation = { operands: ['f32', 'f32'], result: 'f32', text: ([a, b]) => `$.${name}(${a}, ${b})` };
  define(`f32.${name}`, one, 'f32x4');
}
for (const name of [...f32Choices, 'relaxed_min', 'relaxed_max']) {
  const method = name.replace('relaxed_', '');
  const text: Operation['text'] = ([a, b], place) => `$.${method}(${a}, ${b}, ${place})`;
  define(`f32.${name}`, { operands: ['f32', 'f32'], result: 'f32', text, arms: winners }, 'f32x4');
}
for (const name of f32Comparisons) {
  operations.set(`f32.${name}`, {
    operands: ['f32', 'f32'],
    result: 'i32',
    text: ([a, b], place) => `($.${name}(${a}, ${b}, ${place}) ? 1 : 0)`,
    arms: truths,
  });
  operations.set(`f32x4.${name}`, {
    operands: ['v128', 'v128'],
    result: 'v128',
    text: ([a, b], place) => `($.${name}(${a}, ${b}, ${place}) ? -1 : 0)`,
    arms: truths,
  });
}
operations.set('f32.copysign', {
  operands: ['f32', 'f32'],
  result: 'f32',
  text: ([a, b], place) => `$.bitselect(${a}, ${b}, 0x7fffffff, ${place})`,
  arms: ['is never of a positive number', 'is never of a negative number'],
});
// A number of f64 is itself, not its bits.
for (const name of f32Binary) {
  operations.set(`f64.${name}`, {
    operands: ['f64', 'f64'],
    result: 'f64',
    text: ([a, b]) => `$.${name}64(${a}, ${b})`,
  });
}
operations.set('f64.promote_f32', { operands: ['f32'], result: 'f64', text: ([a]) => `$.promote(${a})` });
operations.set('f32.demote_f64', { operands: ['f64'], result: 'f32', text: ([a]) => `$.demote(${a})` });
for (const [name, method] of [
  ['f32x4.relaxed_madd', 'multiplyAdd'],
  ['f32x4.relaxed_nmadd', 'multiplySubtract'],
] as const) {
  operations.set(name, {
    operands: ['v128', 'v128', 'v128'],
    result: 'v128',
    text: ([a, b, c]) => `$.${method}(${a}, ${b}, ${c})`,
  });
}

for (const name of ['and', 'andnot', 'or', 'xor']) {
  operations.set(`v128.${name}`, {
    operands: ['v128', 'v128'],
    result: 'v128',
    text: ([a, b], place) => `$.${name}(${a}, ${b}, ${place})`,
  });
}
operations.set('v128.not', { operands: ['v128'], result: 'v128', text: ([a]) => `(~${a})` });
for (const name of ['v128.bitselect', 'i32x4.relaxed_laneselect']) {
  operations.set(name, {
    operands: ['v128', 'v128', 'v128'],
    result: 'v128',
    text: ([a, b, mask], place) => `$.bitselect(${a}, ${b}, ${mask}, ${place})`,
  });
}

for (const [type, from] of [
  ['i32x4', 'i32'],
  ['f32x4', 'f32'],
] as const) {
  operations.set(`${type}.splat`, { operands: [from], result: 'v128', text: ([a]) => a! });
}
for (const sign of ['s', 'u']) {
  operations.set(`f32.convert_i32_${sign}`, {
    operands: ['i32'],
    result: 'f32',
    text: ([a]) => `$.convert_${sign}(${a})`,
  });
  operations.set(`f32x4.convert_i32x4_${sign}`, {
    operands: ['v128'],
    result: 'v128',
    text: ([a]) => `$.convert_${sign}(${a})`,
  });
  operations.set(`i32.trunc_sat_f32_${sign}`, {
    operands: ['f32'],
    result: 'i32',
    text: ([a]) => `$.truncate_${sign}(${a})`,
  });
  operations.set(`i32x4.trunc_sat_f32x4_${sign}`, {
    operands: ['v128'],
    result: 'v128',
    text: ([a]) => `$.truncate_${sign}(${a})`,
  });
}
// A lane is its bits, whatever type they are read as.
operations.set('i32.reinterpret_f32', { operands: ['f32'], result: 'i32', text: ([a]) => a! });
operations.set('f32.reinterpret_i32', { operands: ['i32'], result: 'f32', text: ([a]) => a! });

/** The instruction of a name; undefined for those with structure, names, immediates or memory. */
export function operationOf(name: string): Operation | undefined {
  return operations.get(name);
}
