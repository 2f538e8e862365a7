import { lastOf } from '../lists.ts';

/** Vectors of four float32 numbers as WebAssembly text. */

/** `0x1.62e42fp-1` is not needed: the text format reads decimal numbers to the nearest float32. */
export function splat(value: number): string {
  if (Number.isNaN(value)) return '(f32x4.splat (f32.const nan))';
  if (!Number.isFinite(value)) return `(f32x4.splat (f32.const ${value > 0 ? 'inf' : '-inf'}))`;
  return `(v128.const f32x4 ${Array(4).fill(decimal(value)).join(' ')})`;
}

/** A number as the text format writes it. */
export function decimal(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value);
}

/** Four integers of 32 bits. */
export function integers(value: number): string {
  return `(v128.const i32x4 ${Array(4).fill(String(value)).join(' ')})`;
}

/** Lane by lane. */
export const add = (a: string, b: string): string => `(f32x4.add ${a} ${b})`;
export const subtract = (a: string, b: string): string => `(f32x4.sub ${a} ${b})`;
export const multiply = (a: string, b: string): string => `(f32x4.mul ${a} ${b})`;
export const divide = (a: string, b: string): string => `(f32x4.div ${a} ${b})`;
export const negate = (a: string): string => `(f32x4.neg ${a})`;
export const absolute = (a: string): string => `(f32x4.abs ${a})`;
export const pick = (yes: string, no: string, mask: string): string => `(v128.bitselect ${yes} ${no} ${mask})`;
/** Locals. */
export const get = (name: string): string => `(local.get $${name})`;
export const set = (name: string, value: string): string => `(local.set $${name} ${value})`;

/** Horner's rule: c₀ + x(c₁ + x(c₂ + …)). */
export function polynomial(x: string, coefficients: readonly number[]): string {
  return coefficients
    .slice(0, -1)
    .reduceRight((inner, c) => add(splat(c), multiply(x, inner)), splat(lastOf(coefficients)));
}

/** 2ⁿ for integers −126 ≤ n ≤ 127. */
export function powerOfTwo(n: string): string {
  return `(i32x4.shl (i32x4.add ${n} ${integers(127)}) (i32.const 23))`;
}
