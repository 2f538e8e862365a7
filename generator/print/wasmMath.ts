import type { FunctionName } from '../equations/functionName.ts';
import { seluAlpha, seluScale } from '../equations/functions.ts';
import { keysOf } from '../lists.ts';
import { absolute, add, divide, multiply, negate, pick, splat } from './vectorText.ts';
import type { HelperName } from './wasmFunction.ts';
import { wasmFunctions } from './wasmFunctions.ts';

/** A scalar function of four numbers, and the helper that it calls. */
interface VectorCall {
  readonly text: string;
  readonly helper?: HelperName;
}

const positivePart = (u: string): string => `(f32x4.pmax ${u} ${splat(0)})`;
const atMost6 = (u: string): string => `(f32x4.pmin ${u} ${splat(6)})`;
const whereAbove0 = (u: string, yes: string, no: string): string => pick(yes, no, `(f32x4.gt ${u} ${splat(0)})`);
const expm1 = (u: string): string => `(call $expm1 ${u})`;

const helped =
  (helper: HelperName) =>
  (u: string): VectorCall => ({ text: `(call $${helper} ${u})`, helper });

const calls: { readonly [K in FunctionName]: (u: string) => VectorCall } = {
  square: (u) => ({ text: multiply(u, u) }),
  abs: (u) => ({ text: absolute(u) }),
  sqrt: (u) => ({ text: `(f32x4.sqrt ${u})` }),
  relu: (u) => ({ text: positivePart(u) }),
  relu6: (u) => ({ text: atMost6(positivePart(u)) }),
  softsign: (u) => ({ text: divide(u, add(splat(1), absolute(u))) }),
  hardSigmoid: (u) => ({ text: divide(atMost6(positivePart(add(u, splat(3)))), splat(6)) }),
  softplus: (u) => ({
    text: add(positivePart(u), `(call $log1pExp ${negate(absolute(u))})`),
    helper: 'log1pExp',
  }),
  elu: (u) => ({ text: whereAbove0(u, u, expm1(u)), helper: 'expm1' }),
  selu: (u) => ({
    text: multiply(splat(seluScale), whereAbove0(u, u, multiply(splat(seluAlpha), expm1(u)))),
    helper: 'expm1',
  }),
  exp: helped('exp'),
  log: helped('log'),
  log1p: helped('log1p'),
  sigmoid: helped('sigmoid'),
  tanh: helped('tanh'),
  atan: helped('atan'),
  erf: helped('erf'),
  normalCdf: helped('normalCdf'),
};

/** What a scalar function of the vector `u` (a text that may be repeated) is, and the helpers that it calls. */
export function vectorCall(name: FunctionName, u: string): VectorCall {
  return calls[name](u);
}

/** The helpers as functions, those that they call first. */
export function printHelpers(names: Iterable<HelperName>): string[] {
  const printed = new Set<HelperName>();
  const lines: string[] = [];
  const print = (name: HelperName): void => {
    if (printed.has(name)) return;
    printed.add(name);
    const { locals, body, needs } = wasmFunctions[name];
    for (const needed of needs) print(needed);
    const declared = locals.length === 0 ? '' : ` ${locals.map((local) => `(local $${local} v128)`).join(' ')}`;
    lines.push(
      `  (func $${name} (param $x v128) (result v128)${declared}`,
      ...body.map((line) => `    ${line}`),
      '  )',
    );
  };
  for (const name of names) print(name);
  return lines;
}

/** Every helper that there is. */
export const helperNames: readonly HelperName[] = keysOf(wasmFunctions);
