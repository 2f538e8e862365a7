import {
  absolute,
  add,
  divide,
  get,
  integers,
  multiply,
  negate,
  pick,
  polynomial,
  powerOfTwo,
  set,
  splat,
  subtract,
} from './vectorText.ts';
import type { HelperName, WasmFunction } from './wasmFunction.ts';

const x = get('x');
const ln2High = 0.693145751953125;
const ln2Low = 1.428606765330187e-6;

/** eˣ, log x and what is made of them, with the formula that each is computed by. */
export const wasmExponentials = {
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
} satisfies { readonly [K in HelperName]?: WasmFunction };
