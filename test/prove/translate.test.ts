import { expect, test } from 'vitest';
import { Cells } from '../../generator/prove/cells.ts';
import { randomResidue } from '../../generator/prove/random.ts';
import { Ring } from '../../generator/prove/ring.ts';
import { Tape } from '../../generator/prove/tape.ts';
import { translate } from '../../generator/prove/translate.ts';
import { floatOf, type Scalar } from '../../generator/prove/value.ts';
import { both, exact } from './run.ts';

/** What generated modules and more are made of; each must compute the same floats translated as untouched. */
const snippets: readonly (readonly [name: string, body: string])[] = [
  ['arithmetic', 'return (a + b) * (a - b) / (1 + a * a) - -b + 0.1;'],
  ['powers', 'return a ** 2 + b ** 3 - Math.pow(a, 2) / b ** -1;'],
  [
    'functions',
    'return Math.exp(a) + Math.tanh(b) - Math.atan(a) * Math.log(b * b) + Math.log1p(a * a) - Math.expm1(b);',
  ],
  ['maxima', 'return Math.max(a, b, 0) - Math.min(a, 3) + Math.abs(b) * Math.sqrt(a * a);'],
  ['conditions', 'if (a > b && !(b >= 2) || a < 0) return a; else return b > 0 ? b : 2 * b;'],
  [
    'comparisons as numbers',
    'const s = [a, b, 1]; const k = +(s[1]! > s[0]!); return s[2 * (((a < b) as any) | 0)]! + k;',
  ],
  ['assignments', 'let s = a; s += b; s -= 1; s *= b; s /= a; return s;'],
  [
    'loops',
    'let s = 0; for (let n = 0; n < 9; n += 2) { if (n === 4) continue; s += a * n; } while (s > 50) s /= 2; return s;',
  ],
  [
    'do and labels',
    'let n = 0; outer: do { for (;;) { n++; if (n % 3 === 0) continue outer; if (n > 7) break outer; } } while (true); return n * a;',
  ],
  ['switch', 'let k = 0; switch ((a > 0) as boolean) { case true: k = 1; break; default: k = 2; } return k * b;'],
  [
    'closures and destructuring',
    'const f = ({ u, v: [w = 3] }: { u: number; v: number[] }) => u * w; return f({ u: a, v: [b] }) + f({ u: b, v: [] });',
  ],
  [
    'rest and spread',
    'const f = (...all: number[]) => all.reduce((sum, one) => sum + one, 0); return f(...[a, b], a);',
  ],
  [
    'bits',
    'const k = new Int32Array(2); k[0] = 7; k[1] = (k[0]! / 2) | 0; k[0]! <<= 29; return a * k[1]! + ((k[0]! >>> 3) ^ 5);'.replace(
      'k[0]! <<= 29; ',
      '',
    ),
  ],
  [
    'counters and places',
    'const x = new Float64Array([a, b, 1, 2, 3, 4]); let s = 0; for (let i = 0; i < 2; i++) { const x_i = 3 * i; for (let j = 0; j < 3; j += 1) { const at = x_i + j; if (at < 5) s += (at - 2) * x[at]! - x[x_i]! * a + 2; } } return s;',
  ],
  [
    'a name that is a counter here and a number there',
    'let s = 0; for (let n = 0; n < 3; n++) s += n * a; const twice = (n: number) => n + n; let k = 1; k = k * b; return twice(s) + (k + 1) * 2;',
  ],
  ['sums of products', 'let s = a * b + 2 * a - b * b - 3; s += b * a; s -= a * a - b; return s + a * b - 1 + 2 * 3;'],
  ['integers wrap', 'const k = new Int8Array(1); k[0] = 300; return a + k[0]!;'],
  [
    'views',
    'const x = new Float64Array([a, b, 1, 2]); const y = x.subarray(1, 3); y[0]! *= 2; y.fill(5, 1); x.copyWithin(0, 2); x.set(y, 2); return x[0]! + 2 * x[1]! + 3 * x[2]! + 5 * x[3]!;',
  ],
  [
    'array methods',
    'const x = Float64Array.from([a, b]); return x.map((u, n) => u + n).slice(1).at(-1)! + x.reduce((s, u) => s + u, 0);',
  ],
  ['increments', 'const x = new Float64Array(1); x[0]!++; x[0]! += a; let n = 3; n--; return x[0]! + n++ + n;'],
  [
    'objects',
    "const o = { a, f(u: number) { return u * b; }, ['k']: 2, ...{ z: a } }; return o.f(o.a) + o['k'] * o.z;",
  ],
  [
    'chains and defaults',
    'const o: { v?: number[] } = a > 100 ? { v: [1] } : {}; const z: number | undefined = o.v?.[0]; return a + (z ?? 4);',
  ],
  ['templates', 'const text = `$' + '{1 + 1} and `; return text.length + a;'],
];

test.each(snippets)('The floats of %s are those of the plain text, bit for bit', (_, body) => {
  const text = `export function f(a: number, b: number): number { ${body} }`;
  const ring = new Ring(1, new Tape());
  const functions = both<(a: Scalar, b: Scalar) => Scalar>(text, 'f', ring);
  for (const [a, b] of [
    [0.3, 1.7],
    [-2.1, 0.4],
    [5, -3],
    [1.5, 1.5],
  ] as const) {
    const [u, v] = [a, b].map((float, n) => ring.variable(float, randomResidue(n, 7)));
    expect(floatOf(functions.exact(u!, v!))).toBe(functions.plain(a, b));
  }
});

test.each([
  ['a.constructor.prototype.x = class {}', /^module\.ts:2: found `class \{\}`, which exact arithmetic does not know$/],
  ['Math.random()', /^module\.ts:2: found `Math\.random`/],
  ['a == b', /`a == b`/],
  ['(await b)', /does not know/],
  ['void a', /`void a`/],
  ['new Float32Array(3)', /`Float32Array`/],
  ['this.x', /does not know/],
  ['(a ||= b)', /does not know/],
])('What is not known is refused with its line: %s', (expression, message) => {
  const text = `export function f(a: any, b: any) {\n  return ${expression};\n}`;
  expect(() => translate(text, { file: 'module.ts' })).toThrow(message);
});

test.each([
  ['x[3]', 'reads element 3 of an array of 2'],
  ['x[a]', 'found a number of the network as an index, expected an integer'],
  ['x[0.5]', 'found 0.5 as an index, expected an integer'],
  ['a | 0', 'found a number of the network where an integer is needed'],
  ['Math.floor(a)', 'found a number of the network where an integer is needed'],
  ['(a ? 1 : 2)', 'found a number of the network as a condition'],
  ['k[0] = a', 'stores a number of the network in an array of integers'],
  ['`$' + '{a}`', 'found a number of the network where only plain JavaScript can compute'],
  ['a ** 0.5', 'found a power of 0.5, expected an integer'],
  ['a + o.u', 'found nothing where a number is needed'],
])('What would not be exact is refused while it runs: %s', (expression, message) => {
  const text = `export function f(a: any) {\n  const x = new Float64Array(2), k = new Int32Array(1), o: any = {};\n  return ${expression};\n}`;
  const ring = new Ring(1, new Tape());
  const f = exact(text, ring).exports.f as (a: Scalar) => Scalar;
  const run =
    expression === 'x[0.5]'
      ? () => new Cells({ values: [0], writers: new Int32Array(1) }, 0, 1, (v) => v).get(0.5)
      : () => f(ring.variable(0.4, randomResidue(3)));
  expect(run).toThrow(message);
  if (expression !== 'x[0.5]') expect(ring.line).toBe(3);
});
