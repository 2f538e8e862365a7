import type { Sign } from '../equations/expression.ts';
import type { FunctionName } from '../equations/functionName.ts';
import type { Tensor } from '../equations/tensor.ts';

/** How the parts of an equation are written: as plain text, as LaTeX, as MathML. */
export interface Markup {
  readonly minus: string;
  readonly plus: string;
  readonly times: string;
  readonly equals: string;
  readonly adds: string;
  number(value: number): string;
  letter(name: string): string;
  /** `2i` */
  multiple(factor: number, letter: string): string;
  /** An element of an array; `mark` is the shape of a view that is no vector. */
  place(tensor: Tensor, mark: string, coordinates: readonly string[]): string;
  /** An element of a matrix of constants. */
  entry(name: string, coordinates: readonly string[]): string;
  /** N[i,j], which counts places. */
  count(coordinates: readonly string[]): string;
  group(inner: string): string;
  fraction(above: string, below: string): string;
  /** Functions; log1p is the logarithm of a sum. */
  readonly call: { readonly [K in Exclude<FunctionName, 'log1p'>]: (u: string, isSimple: boolean) => string };
  reduction(kind: 'sum' | 'max' | 'argmax', letters: readonly string[], body: string): string;
  logSumExp(letters: readonly string[], body: string): string;
  bracket(condition: string): string;
  choice(yes: string, condition: string, no: string): string;
  compare(left: string, sign: Sign, right: string): string;
  tuple(coordinates: readonly string[]): string;
  within(coordinate: string, size: number): string;
  /** What stands behind an equation: `for all i,j`, `where p,q < 2`. */
  /** ∂L/∂z2[i,j] */
  partial(of: string, by: string): string;
  /** Between the factors of a chain rule. */
  readonly apart: string;
  /** A word between formulas: `that is`, `meets`. */
  that(word: string): string;
  /** Between places that are listed. */
  readonly listed: string;
  forAll(letters: readonly string[]): string;
  where(ranges: readonly (readonly [letters: readonly string[], size: number])[]): string;
}

const subscript = (letters: readonly string[]): string =>
  letters.length === 1 ? `_${letters[0]}` : `_{${letters.join(',')}}`;

/** The notation of comments: one line of plain text. */
export const plainText: Markup = {
  minus: '−',
  plus: '+',
  times: '·',
  equals: ' = ',
  adds: ' += ',
  number: String,
  letter: (name) => name,
  multiple: (factor, letter) => `${factor}${letter}`,
  place: ({ name }, mark, coordinates) =>
    coordinates.length === 0 ? name : `${name}${mark === '' ? '' : `‹${mark}›`}[${coordinates.join(',')}]`,
  entry: (name, coordinates) => `${name}[${coordinates.join(',')}]`,
  count: (coordinates) => (coordinates.length === 0 ? 'N' : `N[${coordinates.join(',')}]`),
  group: (inner) => `(${inner})`,
  fraction: (above, below) => `${above}/${below}`,
  call: {
    square: (u, isSimple) => (isSimple ? `${u}²` : `(${u})²`),
    exp: (u) => `exp(${u})`,
    log: (u) => `log(${u})`,
    abs: (u) => `|${u}|`,
    sqrt: (u, isSimple) => (isSimple ? `√${u}` : `√(${u})`),
    relu: (u) => `relu(${u})`,
    relu6: (u) => `relu6(${u})`,
    elu: (u) => `elu(${u})`,
    selu: (u) => `selu(${u})`,
    sigmoid: (u) => `σ(${u})`,
    tanh: (u) => `tanh(${u})`,
    atan: (u) => `atan(${u})`,
    softplus: (u) => `softplus(${u})`,
    softsign: (u) => `softsign(${u})`,
    hardSigmoid: (u) => `hardSigmoid(${u})`,
    erf: (u) => `erf(${u})`,
    normalCdf: (u) => `Φ(${u})`,
  },
  reduction: (kind, letters, body) => `${kind === 'sum' ? 'Σ' : kind}${subscript(letters)} ${body}`,
  logSumExp: (letters, body) => `log Σ${subscript(letters)} exp(${body})`,
  bracket: (condition) => `[${condition}]`,
  choice: (yes, condition, no) => `(${yes} if ${condition} else ${no})`,
  compare: (left, sign, right) => `${left} ${sign} ${right}`,
  tuple: (coordinates) => `(${coordinates.join(',')})`,
  within: (coordinate, size) => `0 ≤ ${coordinate} < ${size}`,
  partial: (of, by) => `∂${of}/∂${by}`,
  apart: ' · ',
  that: (word) => ` ${word} `,
  listed: ' ',
  forAll: (letters) => `   for all ${letters.join(',')}`,
  where: (ranges) => `   where ${ranges.map(([letters, size]) => `${letters.join(',')} < ${size}`).join(', ')}`,
};
