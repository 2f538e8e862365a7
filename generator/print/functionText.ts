import type { FunctionName } from '../equations/functionName.ts';
import { seluAlpha, seluScale } from '../equations/functions.ts';

/** A function that a module brings with it: JavaScript's Math has none of that name, or a slower and less exact one. */
export type HelperName = 'erf' | 'normalCdf' | 'tanh';

/** A scalar function in TypeScript, and the helper that it calls, if any. */
interface Written {
  /** The text; `u` is a name or a parenthesised formula. */
  readonly text: (u: string) => string;
  readonly precedence: number;
  readonly helper?: HelperName;
  /** `u` stands between parentheses or commas alone, and needs none of its own. */
  readonly isEnclosed?: true;
}

export const ternary = 0;
export const sum = 1;
export const product = 2;
export const atom = 3;

/** `-u`, and `u` of `(-u)`. */
function opposite(u: string): string {
  return /^\(-[\w[\]]+\)$/.test(u) ? u.slice(2, -1) : `-${u}`;
}

/** NaN passes through every one of these, as it does through Math's functions. */
const written: { readonly [K in FunctionName]: Written } = {
  square: { text: (u) => `${u} * ${u}`, precedence: product },
  exp: { text: (u) => `Math.exp(${u})`, precedence: atom, isEnclosed: true },
  log: { text: (u) => `Math.log(${u})`, precedence: atom, isEnclosed: true },
  log1p: { text: (u) => `Math.log1p(${u})`, precedence: atom, isEnclosed: true },
  abs: { text: (u) => `Math.abs(${u})`, precedence: atom, isEnclosed: true },
  sqrt: { text: (u) => `Math.sqrt(${u})`, precedence: atom, isEnclosed: true },
  relu: { text: (u) => `Math.max(${u}, 0)`, precedence: atom, isEnclosed: true },
  relu6: { text: (u) => `${u} < 0 ? 0 : ${u} > 6 ? 6 : ${u}`, precedence: ternary },
  elu: { text: (u) => `${u} > 0 ? ${u} : Math.expm1(${u})`, precedence: ternary },
  selu: {
    text: (u) => `${u} > 0 ? ${seluScale} * ${u} : ${seluScale} * ${seluAlpha} * Math.expm1(${u})`,
    precedence: ternary,
  },
  sigmoid: { text: (u) => `1 / (1 + Math.exp(${opposite(u)}))`, precedence: product },
  tanh: { text: (u) => `tanh(${u})`, precedence: atom, helper: 'tanh', isEnclosed: true },
  atan: { text: (u) => `Math.atan(${u})`, precedence: atom, isEnclosed: true },
  softplus: {
    text: (u) => `Math.max(${u}, 0) + Math.log1p(Math.exp(-Math.abs(${u})))`,
    precedence: sum,
    isEnclosed: true,
  },
  softsign: { text: (u) => `${u} / (1 + Math.abs(${u}))`, precedence: product },
  hardSigmoid: { text: (u) => `${u} <= -3 ? 0 : ${u} >= 3 ? 1 : (${u} + 3) / 6`, precedence: ternary },
  normalCdf: { text: (u) => `normalCdf(${u})`, precedence: atom, helper: 'normalCdf', isEnclosed: true },
  erf: { text: (u) => `erf(${u})`, precedence: atom, helper: 'erf', isEnclosed: true },
};

/** A scalar function of what `print` writes for a given surrounding, and how tightly its text binds. */
export function functionText(
  name: FunctionName,
  print: (outer: number) => string,
): { readonly text: string; readonly own: number } {
  const { text, precedence: own, isEnclosed } = written[name];
  return { text: text(print(isEnclosed ? ternary : atom)), own };
}

/** The helpers that a formula needs in its module. */
export function helperOf(name: FunctionName): HelperName | undefined {
  return written[name].helper;
}
