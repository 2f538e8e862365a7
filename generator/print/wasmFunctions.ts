import {
  absolute,
  add,
  divide,
  get,
  integers,
  multiply,
  pick,
  polynomial,
  set,
  splat,
  subtract,
} from './vectorText.ts';
import { wasmExponentials } from './wasmExponentials.ts';
import type { HelperName, WasmFunction } from './wasmFunction.ts';

const x = get('x');

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
export const wasmFunctions: { readonly [K in HelperName]: WasmFunction } = {
  ...wasmExponentials,
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
