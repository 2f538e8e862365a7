import type { FunctionName } from '../equations/functionName.ts';
import { seluAlpha, seluScale } from '../equations/functions.ts';

/**
 * The scalar functions on four float32 numbers at once, as WebAssembly text. The polynomials are least-squares fits,
 * reweighted towards the smallest largest error, to the functions named beside them; the reductions are Cody and
 * Waite's ("Software Manual for the Elementary Functions", 1980).
 *
 * Largest errors over all exponents of float32, subnormal results included, in units of the last place (tested):
 *
 *   exp 1 · log 1 · log1p 3 · tanh 6 · expm1 2 · sigmoid 2.5 · log1pExp 3 · atan 3 · erf 3 · normalCdf 5
 *   and made of them: elu 2 · softsign 2 · softplus 3
 *
 * NaN stays NaN, ±∞ give the limits; the sign of a zero may be lost.
 */

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

function integers(value: number): string {
  return `(v128.const i32x4 ${Array(4).fill(String(value)).join(' ')})`;
}

const add = (a: string, b: string): string => `(f32x4.add ${a} ${b})`;
const subtract = (a: string, b: string): string => `(f32x4.sub ${a} ${b})`;
const multiply = (a: string, b: string): string => `(f32x4.mul ${a} ${b})`;
const divide = (a: string, b: string): string => `(f32x4.div ${a} ${b})`;
const negate = (a: string): string => `(f32x4.neg ${a})`;
const absolute = (a: string): string => `(f32x4.abs ${a})`;
const pick = (yes: string, no: string, mask: string): string => `(v128.bitselect ${yes} ${no} ${mask})`;
const get = (name: string): string => `(local.get $${name})`;
const set = (name: string, value: string): string => `(local.set $${name} ${value})`;

/** Horner's rule: c₀ + x(c₁ + x(c₂ + …)). */
function polynomial(x: string, coefficients: readonly number[]): string {
  return coefficients
    .slice(0, -1)
    .reduceRight((inner, c) => add(splat(c), multiply(x, inner)), splat(coefficients.at(-1) as number));
}

interface Helper {
  /** Locals beside the argument x. */
  readonly locals: readonly string[];
  readonly body: readonly string[];
  readonly needs: readonly HelperName[];
}

export type HelperName =
  | 'exp'
  | 'expm1'
  | 'log'
  | 'log1p'
  | 'log1pExp'
  | 'sigmoid'
  | 'tanh'
  | 'atan'
  | 'erf'
  | 'normalCdf';

const x = get('x');
const ln2High = 0.693145751953125;
const ln2Low = 1.428606765330187e-6;

const helpers: { readonly [K in HelperName]: Helper } = {
  // eˣ = 2ⁿ·eʳ, n = round(x/ln 2), |r| ≤ ½ ln 2; 2ⁿ in two factors, so that subnormal results come out
  exp: {
    needs: [],
    locals: ['n', 'r', 'i'],
    body: [
      // NaN stays what it is, as both comparisons give it on.
      set('x', `(f32x4.pmax (f32x4.pmin ${x} ${splat(89)}) ${splat(-104)})`),
      set('n', `(f32x4.nearest ${multiply(x, splat(Math.LOG2E))})`),
      set('r', subtract(subtract(x, multiply(get('n'), splat(ln2High))), multiply(get('n'), splat(ln2Low)))),
      set('i', `(i32x4.trunc_sat_f32x4_s ${get('n')})`),
      set(
        'r',
        add(
          splat(1),
          add(
            get('r'),
            multiply(
              multiply(get('r'), get('r')),
              polynomial(
                get('r'),
                [
                  0.5000000078002145, 0.16666666855790588, 0.041666269730078434, 0.008333265423915423,
                  0.001394608403915372, 0.00019917826407913307,
                ],
              ),
            ),
          ),
        ),
      ),
      set('n', `(i32x4.shr_s ${get('i')} (i32.const 1))`),
      multiply(multiply(get('r'), powerOfTwo(get('n'))), powerOfTwo(`(i32x4.sub ${get('i')} ${get('n')})`)),
    ],
  },
  // x·P(x) for |x| < ½, eˣ − 1 elsewhere
  expm1: {
    needs: ['exp'],
    locals: [],
    body: [
      pick(
        multiply(
          x,
          polynomial(
            x,
            [
              1, 0.5000000385334862, 0.16666663985338018, 0.041665358568305895, 0.008333579050382914,
              0.001399617728479823, 0.00019849807153773857,
            ],
          ),
        ),
        subtract(`(call $exp ${x})`, splat(1)),
        `(f32x4.lt ${absolute(x)} ${splat(0.5)})`,
      ),
    ],
  },
  // log x = n·ln 2 + log(1 + f), √½ ≤ 1 + f < √2; log(1 + f) = f − f²/2 + f³·P(f)
  log: {
    needs: [],
    locals: ['y', 'n', 'i', 'f'],
    body: [
      // A subnormal number is scaled by 2²⁴ first.
      set('i', `(f32x4.lt ${x} ${splat(1.1754943508222875e-38)})`),
      set('y', pick(multiply(x, splat(16777216)), x, get('i'))),
      set('n', `(v128.and ${get('i')} ${splat(-24)})`),
      set('i', `(i32x4.sub ${get('y')} ${integers(0x3f3504f3)})`),
      set('n', add(get('n'), `(f32x4.convert_i32x4_s (i32x4.shr_s ${get('i')} (i32.const 23)))`)),
      set('f', subtract(`(i32x4.add (v128.and ${get('i')} ${integers(0x7fffff)}) ${integers(0x3f3504f3)})`, splat(1))),
      set(
        'f',
        add(
          add(
            add(
              multiply(get('n'), splat(ln2Low)),
              subtract(
                multiply(
                  multiply(get('f'), multiply(get('f'), get('f'))),
                  polynomial(
                    get('f'),
                    [
                      0.3333331260280138, -0.2500000960366954, 0.20002118732289634, -0.16667995666363145,
                      0.14219550905928316, -0.1240559142811257, 0.11888174625838453, -0.11675641250451946,
                      0.06746601203710141,
                    ],
                  ),
                ),
                multiply(splat(0.5), multiply(get('f'), get('f'))),
              ),
            ),
            get('f'),
          ),
          multiply(get('n'), splat(ln2High)),
        ),
      ),
      // +∞ and NaN stay, 0 gives −∞, a negative number NaN.
      set('f', pick(get('f'), x, `(f32x4.lt ${x} ${splat(Number.POSITIVE_INFINITY)})`)),
      set('f', pick(splat(Number.NEGATIVE_INFINITY), get('f'), `(f32x4.eq ${x} ${splat(0)})`)),
      pick(splat(Number.NaN), get('f'), `(f32x4.lt ${x} ${splat(0)})`),
    ],
  },
  // With u = 1 + x rounded, log u·(x/(u − 1)): what rounding takes off u it takes off both (Kahan, in Goldberg 1991, "What every
  // computer scientist should know about floating-point arithmetic", theorem 4). u = 1 gives x, and so does u = ∞.
  log1p: {
    needs: ['log'],
    locals: ['u', 'd'],
    body: [
      set('u', add(splat(1), x)),
      set('d', subtract(get('u'), splat(1))),
      pick(
        multiply(`(call $log ${get('u')})`, divide(x, get('d'))),
        x,
        `(v128.andnot (f32x4.ne ${get('d')} ${splat(0)}) (f32x4.eq ${x} ${splat(Number.POSITIVE_INFINITY)}))`,
      ),
    ],
  },
  // log(1 + e^x) for x ≤ 0: with s = y/(2 + y), y = eˣ, it is 2·artanh s
  log1pExp: {
    needs: ['exp'],
    locals: ['s', 't'],
    body: [
      set('x', `(call $exp ${x})`),
      set('s', divide(x, add(splat(2), x))),
      set('t', multiply(get('s'), get('s'))),
      multiply(
        splat(2),
        add(
          get('s'),
          multiply(
            multiply(get('s'), get('t')),
            polynomial(
              get('t'),
              [0.33333337811019326, 0.19999438869470254, 0.14308442448772285, 0.10713828425224697, 0.12150469090607312],
            ),
          ),
        ),
      ),
    ],
  },
  // With y = e^−|x| it is 1/(1 + y) for x ≥ 0 and y/(1 + y) below, so that the small results do not end in 1/∞.
  sigmoid: {
    needs: ['exp'],
    locals: ['y'],
    body: [
      set('y', `(call $exp ${negate(absolute(x))})`),
      divide(pick(splat(1), get('y'), `(f32x4.ge ${x} ${splat(0)})`), add(splat(1), get('y'))),
    ],
  },
  // x·P(x²)/Q(x²) with x cut off at ±9.1, beyond which tanh rounds to ±1, and the quotient, which there rounds to a little more, at ±1
  tanh: {
    needs: [],
    locals: ['t'],
    body: [
      // NaN stays what it is, as both comparisons give it on.
      set('x', `(f32x4.pmax (f32x4.pmin ${x} ${splat(9.1)}) ${splat(-9.1)})`),
      set('t', multiply(x, x)),
      set(
        'x',
        divide(
          multiply(
            x,
            polynomial(
              get('t'),
              [1, 0.13374477624893188, 0.003487813286483288, 2.0481185856624506e-5, 1.3177458235702488e-8],
            ),
          ),
          polynomial(
            get('t'),
            [1, 0.46707791090011597, 0.02584739960730076, 0.0003272922185715288, 7.704032896072022e-7],
          ),
        ),
      ),
      `(f32x4.pmax (f32x4.pmin ${x} ${splat(1)}) ${splat(-1)})`,
    ],
  },
  // atan u = π/2 − atan(1/u) beyond tan(3π/8), π/4 + atan((u − 1)/(u + 1)) beyond tan(π/8)
  atan: {
    needs: [],
    locals: ['u', 'big', 'mid', 't', 'base'],
    body: [
      set('u', absolute(x)),
      set('big', `(f32x4.gt ${get('u')} ${splat(2.414213562373095)})`),
      set('mid', `(v128.andnot (f32x4.gt ${get('u')} ${splat(0.4142135623730951)}) ${get('big')})`),
      set(
        'base',
        `(v128.or (v128.and ${get('big')} ${splat(Math.PI / 2)}) (v128.and ${get('mid')} ${splat(Math.PI / 4)}))`,
      ),
      set(
        'u',
        pick(
          divide(splat(-1), get('u')),
          pick(divide(subtract(get('u'), splat(1)), add(get('u'), splat(1))), get('u'), get('mid')),
          get('big'),
        ),
      ),
      set('t', multiply(get('u'), get('u'))),
      set(
        'u',
        add(
          get('base'),
          add(
            get('u'),
            multiply(
              multiply(get('u'), get('t')),
              polynomial(
                get('t'),
                [
                  -0.33333315504620153, 0.19998489404890535, -0.14243848223322433, 0.10595998165677713,
                  -0.0608344553968846,
                ],
              ),
            ),
          ),
        ),
      ),
      pick(x, get('u'), integers(0x80000000)),
    ],
  },
  // Φ(−s) = e^(−s²/2)·P((s − 5)/(s + 5))/(1 + s), as in float64; s² in two parts, of which the first is exact
  normalCdf: {
    needs: ['exp'],
    locals: ['s', 'h', 'u'],
    body: [
      set('s', `(f32x4.pmin ${absolute(x)} ${splat(40)})`),
      set('h', `(v128.and ${get('s')} ${integers(-4096)})`),
      set('u', divide(subtract(get('s'), splat(5)), add(get('s'), splat(5)))),
      set(
        'u',
        divide(
          polynomial(
            get('u'),
            [
              0.4615158344962786, -0.09155229981235101, 0.03103003320206486, 0.01000286251550557, -0.026397121167012202,
              0.024532804906545642, -0.015187213441580584, 0.006536668448619774, -0.0016434885713022508,
              -1.784874008980792e-5, 0.0001531002685506734, -3.104840446405442e-5,
            ],
          ),
          add(splat(1), get('s')),
        ),
      ),
      set(
        'u',
        multiply(
          multiply(
            `(call $exp ${multiply(splat(-0.5), multiply(get('h'), get('h')))})`,
            `(call $exp ${multiply(multiply(splat(-0.5), subtract(get('s'), get('h'))), add(get('s'), get('h')))})`,
          ),
          get('u'),
        ),
      ),
      pick(subtract(splat(1), get('u')), get('u'), `(f32x4.gt ${x} ${splat(0)})`),
    ],
  },
  // x·P(x²) near 0, ±(1 − e^Q(|x|)) elsewhere, with Q a fit to log erfc
  erf: {
    needs: ['exp'],
    locals: ['u', 't', 'far'],
    body: [
      set('u', absolute(x)),
      set('t', multiply(x, x)),
      set('far', `(f32x4.pmin ${get('u')} ${splat(4.1)})`),
      set(
        'far',
        subtract(
          splat(1),
          `(call $exp ${polynomial(
            get('far'),
            [
              0.00018846806446917445, -1.1295803131076467, -0.6332163927335795, -0.10842210488788206,
              0.02521034361708413, -0.004205286354834303, 0.0004414730036518266, -2.1697645977480917e-5,
            ],
          )})`,
        ),
      ),
      pick(
        multiply(
          x,
          polynomial(
            get('t'),
            [
              1.1283791670580252, -0.3761263843464747, 0.11283781974047119, -0.026865400038470377, 0.00522094542175397,
              -0.0008482828674083454, 0.00011256946595897266, -9.64151213223019e-6,
            ],
          ),
        ),
        pick(x, get('far'), integers(0x80000000)),
        `(f32x4.lt ${get('u')} ${splat(1)})`,
      ),
    ],
  },
};

/** 2ⁿ for integers −126 ≤ n ≤ 127. */
function powerOfTwo(n: string): string {
  return `(i32x4.shl (i32x4.add ${n} ${integers(127)}) (i32.const 23))`;
}

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
    default:
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
    const { locals, body, needs } = helpers[name];
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
export const helperNames = Object.keys(helpers) as readonly HelperName[];
