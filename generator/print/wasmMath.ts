import type { FunctionName } from '../equations/functionName.ts';
import { seluAlpha, seluScale } from '../equations/functions.ts';
import { absolute, add, divide, multiply, negate, pick, splat } from './vectorText.ts';
import type { HelperName } from './wasmFunction.ts';
import { wasmFunctions } from './wasmFunctions.ts';

/** What a scalar function of the vector `u` (a text that may be repeated) is, and the helpers that it calls. */
export function vectorCall(name: FunctionName, u: string): { readonly text: string; readonly helper?: HelperName } {
  switch (name) {
    case 'square':
      return { text: multiply(u, u) };
    case 'abs':
      return { text: absolute(u) };
    case 'sqrt':
      return { text: `(f32x4.sqrt ${u})` };
    case 'relu':
      return { text: `(f32x4.pmax ${u} ${splat(0)})` };
    case 'relu6':
      return { text: `(f32x4.pmin (f32x4.pmax ${u} ${splat(0)}) ${splat(6)})` };
    case 'softsign':
      return { text: divide(u, add(splat(1), absolute(u))) };
    case 'hardSigmoid':
      return { text: divide(`(f32x4.pmin (f32x4.pmax ${add(u, splat(3))} ${splat(0)}) ${splat(6)})`, splat(6)) };
    case 'softplus':
      return {
        text: add(`(f32x4.pmax ${u} ${splat(0)})`, `(call $log1pExp ${negate(absolute(u))})`),
        helper: 'log1pExp',
      };
    case 'elu':
      return { text: pick(u, `(call $expm1 ${u})`, `(f32x4.gt ${u} ${splat(0)})`), helper: 'expm1' };
    case 'selu':
      return {
        text: multiply(
          splat(seluScale),
          pick(u, multiply(splat(seluAlpha), `(call $expm1 ${u})`), `(f32x4.gt ${u} ${splat(0)})`),
        ),
        helper: 'expm1',
      };
    case 'exp':
    case 'log':
    case 'log1p':
    case 'sigmoid':
    case 'tanh':
    case 'atan':
    case 'erf':
    case 'normalCdf':
      return { text: `(call $${name} ${u})`, helper: name };
  }
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
export const helperNames = Object.keys(wasmFunctions) as readonly HelperName[];
