import { assemble } from '../../generator/assembler/assemble.ts';
import type { FunctionName } from '../../generator/equations/functionName.ts';
import type { HelperName } from '../../generator/print/wasmFunction.ts';
import { printHelpers, vectorCall } from '../../generator/print/wasmMath.ts';
import { erf, erfc } from '../../generator/reference/erf.ts';
import { startModule } from './webAssembly.ts';

/** What four lanes compute, and the same in float64. */
export interface ScalarFunction {
  /** The text for the vector `u`. */
  readonly text: string;
  readonly needs: readonly HelperName[];
  readonly exact: (x: number) => number;
}

const helper = (name: HelperName, exact: (x: number) => number): ScalarFunction => ({
  text: `(call $${name} (local.get $u))`,
  needs: [name],
  exact,
});

const called = (name: FunctionName, exact: (x: number) => number): ScalarFunction => {
  const { text, helper } = vectorCall(name, '(local.get $u)');
  return { text, needs: helper === undefined ? [] : [helper], exact };
};

export const scalarFunctions = {
  exp: helper('exp', Math.exp),
  expm1: helper('expm1', Math.expm1),
  log: helper('log', Math.log),
  log1pExp: helper('log1pExp', (x) => Math.log1p(Math.exp(x))),
  tanh: helper('tanh', Math.tanh),
  atan: helper('atan', Math.atan),
  erf: helper('erf', erf),
  normalCdf: helper('normalCdf', (x) => erfc(-x / Math.SQRT2) / 2),
  log1p: helper('log1p', Math.log1p),
  sigmoid: helper('sigmoid', (x) => 1 / (1 + Math.exp(-x))),
  softplus: called('softplus', (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)))),
  softsign: called('softsign', (x) => x / (1 + Math.abs(x))),
  elu: called('elu', (x) => (x > 0 ? x : Math.expm1(x))),
} as const satisfies Record<string, ScalarFunction>;

export type ScalarFunctionName = keyof typeof scalarFunctions;

const bytesPerPage = 65_536;

/** Applies a function to every number of an array, as the generated code would: four at a time. */
export function applyScalarFunction({ text, needs }: ScalarFunction, values: Float32Array): Float32Array {
  const bytes = Math.ceil(values.length / 4) * 16;
  const code = assemble(moduleText(text, needs, bytes));
  const { memory, run } = startModule(code) as { memory: { buffer: ArrayBuffer }; run(): void };
  const lanes = new Float32Array(memory.buffer, 0, values.length);
  lanes.set(values);
  run();
  return lanes;
}

function moduleText(text: string, needs: readonly HelperName[], bytes: number): string {
  const pages = Math.ceil(bytes / bytesPerPage);
  return `(module
  (memory (export "memory") ${pages})
  ${printHelpers(needs).join('\n')}
  (func $apply (param $u v128) (result v128) ${text})
  (func (export "run") (local $at i32)
    (loop $each
      (v128.store (local.get $at) (call $apply (v128.load (local.get $at))))
      (local.set $at (i32.add (local.get $at) (i32.const 16)))
      (br_if $each (i32.lt_u (local.get $at) (i32.const ${bytes}))))))`;
}

/** Infinity as bits: one more than those of the largest number. */
const infinityBits = 0x7f800000;
const mantissaBits = 23;

/**
 * Numbers of every exponent and both signs, ascending within each: `perExponent` mantissas, their distances odd so that
 * all low bits occur; then the special ones.
 */
export function gridOfFloat32(perExponent: number): Float32Array {
  const bits: number[] = [];
  const step = Math.floor(2 ** mantissaBits / perExponent) | 1;
  for (let start = 0; start < infinityBits; start += 2 ** mantissaBits) {
    for (let n = 0; n < perExponent; n++) bits.push(start + ((n * step) % 2 ** mantissaBits));
  }
  const powersBelowNormal = Array.from({ length: mantissaBits }, (_, n) => 2 ** n);
  const positive = new Float32Array(
    Uint32Array.from([...bits, ...powersBelowNormal, infinityBits - 1, infinityBits]).buffer,
  );
  return Float32Array.from([...positive, ...positive.map((value) => -value), Number.NaN, Number.NaN]);
}

/** The distance of neighbours in float32 at a number; of subnormal ones everywhere below the smallest normal one. */
export function unitInLastPlace(value: number): number {
  const exponent = Math.floor(Math.log2(Math.abs(value)));
  const here = 2 ** exponent > Math.abs(value) ? exponent - 1 : exponent;
  return 2 ** (Math.min(Math.max(here, -126), 127) - mantissaBits);
}

/** Errors in units of the last place; 0 where both are the same special value, infinite where only one is. */
export function errorInUnits(found: number, exact: number): number {
  const rounded = Math.fround(exact);
  if (Object.is(found, rounded) || (found === 0 && rounded === 0)) return 0;
  if (!Number.isFinite(found) || !Number.isFinite(rounded)) return beyondEnd(found, rounded);
  return Math.abs(found - exact) / unitInLastPlace(exact);
}

/** One step from the largest number to infinity is one unit. */
function beyondEnd(found: number, rounded: number): number {
  const largest = 2 ** 128 - 2 ** 104;
  const step = (value: number): number =>
    Math.abs(value) === Number.POSITIVE_INFINITY ? Math.sign(value) * 2 ** 128 : value;
  const distance = Math.abs(step(found) - step(rounded)) / 2 ** 104;
  return Math.abs(step(found)) >= largest && distance <= 4 ? distance : Number.POSITIVE_INFINITY;
}
