import { type Affine, type Index, staysWithin, winnersIn } from '../equations/affine.ts';
import type { Equation, Program } from '../equations/equation.ts';
import type { Condition, Expression } from '../equations/expression.ts';
import type { FunctionName } from '../equations/functionName.ts';
import { slidingForm } from '../equations/slide.ts';
import { coordinatesOf, offsetOf, storageOf, type Tensor } from '../equations/tensor.ts';
import { childrenOf, forEachCall, readsOf } from '../equations/visit.ts';
import { pairsOf } from '../lists.ts';
import { unstated } from './letters.ts';

/** A sign and what it means. */
export type LegendLine = readonly [sign: string, meaning: string];

const places: readonly (readonly [letters: readonly string[], meaning: string])[] = [
  [['i', 'j'], 'place of an output'],
  [['h', 'w'], 'place of an input'],
  [['p', 'q'], 'place of a kernel or window'],
  [['c'], 'channel read'],
  [['o'], 'channel or unit written'],
  [['g'], 'group'],
  [['m'], 'copy of a channel'],
  [['n'], 'place in a flat list, row by row'],
];

const arrays: readonly (readonly [letter: string, meaning: string])[] = [
  ['x', 'input'],
  ['W', 'kernel'],
  ['b', 'bias'],
  ['z', 'weighted sum'],
  ['a', 'its activation'],
  ['y', 'what a layer without weights gives'],
  ['t', 'target'],
  ['L', 'loss'],
  ['l', 'log Σ exp(z − m)'],
  ['m', 'largest of a softmax'],
  ['k', 'winners of a max pool'],
  ['u', 'largest of a window'],
  ['γ', 'scale'],
  ['β', 'shift'],
  ['μ', 'moving mean'],
  ['v', 'moving variance'],
  ['x̂', 'normalised'],
  ['g', 'mean of dy over a batch that trains'],
  ['h', 'mean of dy·x̂ over it, both 0 otherwise'],
];

/** What a reader may not know of a function, with its derivative. */
const definitions: Partial<Record<FunctionName, string>> = {
  relu: 'relu(z) = max(z, 0); relu′ = 1 where z > 0, and a > 0 exactly where z > 0',
  relu6: 'relu6(z) = min(max(z, 0), 6)',
  elu: 'elu(z) = z where z > 0, else e^z − 1',
  selu: 'selu(z) = 1.0507·z where z > 0, else 1.7581·(e^z − 1)',
  sigmoid: 'σ(z) = 1/(1 + e^−z), 1 − σ(z) = σ(−z), σ′ = σ·(1 − σ)',
  tanh: 'tanh(z) = (e^z − e^−z)/(e^z + e^−z), tanh′ = 1 − tanh²',
  atan: 'atan is the arctangent, atan′ = 1/(1 + z²)',
  softplus: 'softplus(z) = log(1 + e^z), softplus′ = σ',
  softsign: 'softsign(z) = z/(1 + |z|)',
  hardSigmoid: 'hardSigmoid(z) = z/6 + ½, cut off at 0 and 1',
  erf: 'erf(z) = 2/√π·∫₀ᶻ e^−s² ds',
  normalCdf: 'Φ(z) = ½(1 + erf(z/√2)), the normal distribution; gelu(z) = z·Φ(z)',
};

/** Functions that are written with a sign. */
const signs: Partial<Record<FunctionName, string>> = { sigmoid: 'σ', normalCdf: 'Φ' };

/** How to read equations, from what stands in them. */
export function legendOf(program: Program, equations: readonly Equation[]): readonly LegendLine[] {
  const tensors = new Set(
    equations.flatMap(({ target, value }) => [storageOf(target), ...readsOf(value).map((r) => storageOf(r.tensor))]),
  );
  const gradient =
    [...tensors].find(({ role, name }) => role === 'gradient' && /^dz/.test(name)) ??
    [...tensors].find(({ role }) => role === 'gradient');
  const coordinates = equations.flatMap(({ at, value }) => [...at, ...readsOf(value).flatMap((r) => r.at)]);
  const lines: LegendLine[] = [...arrayLines(tensors)];
  if (gradient !== undefined) lines.push(gradientLine(gradient, program));
  const ofTiles = equationsOfTiles(equations);
  lines.push(...letterLines(equations.filter((one) => !ofTiles.has(one))));
  lines.push(...signLines(program, equations, coordinates), ...tileLines(equations), ...functionLines(equations));
  if (program.backward.length > 0) lines.push(['one sample', 'for N samples every dW and db is the sum over them']);
  return lines;
}

/** `z1_0_2`: how a number of an array is called in code that is written out. */
export function elementLine(equations: readonly Equation[]): LegendLine | undefined {
  const target =
    equations.map((one) => one.target).find(({ shape }) => shape.filter((size) => size > 1).length >= 2) ??
    equations[0]?.target;
  if (target === undefined) return undefined;
  const { name, shape } = storageOf(target);
  const last = coordinatesOf(
    shape,
    offsetOf(
      shape,
      shape.map((size, axis) => (axis === 0 ? 0 : size - 1)),
    ) ?? 0,
  );
  const shown = last.filter((_, axis) => shape[axis] !== 1);
  if (shown.length === 0) return undefined;
  const axes = shown.length === 1 ? 'number' : 'row, column, channel';
  const words = axes
    .split(', ')
    .slice(0, shown.length)
    .map((axis, n) => `${axis} ${shown[n]}`)
    .join(', ');
  return [
    [name, ...shown].join('_'),
    `${name}[${shown.join(',')}]: ${words} of ${name}, counted from 0; an axis of length 1 is left out`,
  ];
}

function arrayLines(tensors: ReadonlySet<Tensor>): readonly LegendLine[] {
  const letters = new Set(
    [...tensors].filter(({ role }) => role !== 'gradient').map(({ name }) => name.replace(/[\dᵀˡ]+.*$/u, '')),
  );
  const known = arrays.filter(([letter]) => letters.has(letter)).map(([letter, meaning]) => `${letter} ${meaning}`);
  return known.length === 0 ? [] : [['arrays', known.join(', ')]];
}

function gradientLine({ name }: Tensor, { loss }: Program): LegendLine {
  const of = name.slice(1);
  const what =
    loss === undefined
      ? 'L is whatever backward is given ∂L/∂output of'
      : 'many texts call dz δ; some notes call it da';
  return [name, `∂L/∂${of}: how much L rises when that number of ${of} rises a little; ${what}`];
}

function letterLines(equations: readonly Equation[]): readonly LegendLine[] {
  const used = new Set(equations.flatMap((one) => indicesIn(one).map(({ name }) => name.replaceAll('′', ''))));
  const known = places.flatMap(([letters, meaning]) => {
    const some = letters.filter((letter) => used.has(letter));
    return some.length === 0 ? [] : [`${some.join(',')} ${meaning}`];
  });
  return known.length === 0 ? [] : [['letters', known.join(', ')]];
}

function indicesIn({ at, over, value }: Equation): readonly Index[] {
  const bound = (e: Expression): readonly Index[] => [
    ...(e.kind === 'sum' || e.kind === 'max' || e.kind === 'argmax' || e.kind === 'logSumExp' ? e.over : []),
    ...childrenOf(e).flatMap(bound),
  ];
  return [...at.flatMap(({ terms }) => [...terms.keys()]), ...over, ...bound(value)];
}

function signLines(
  program: Program,
  equations: readonly Equation[],
  coordinates: readonly Affine[],
): readonly LegendLine[] {
  const lines: LegendLine[] = [];
  const conditions = equations.flatMap(({ value }) => conditionsOf(value));
  if (conditions.length > 0)
    lines.push(['[ … ]', 'around a comparison: 1 if it is true, else 0, which drops what it is multiplied by']);
  if (equations.some((one) => one.over.length > 0 && unstated(one, indicesIn(one)).length > 0))
    lines.push([
      'where p < 2',
      'p counts 0 and 1; of every other letter the axis on which it stands alone says how far it counts',
    ]);
  if (equations.some(leavesArrays))
    lines.push(['outside', 'a term that reads outside its array is left out: that is all padding']);
  const turned = equations.find((one) => slidingForm(one) !== one);
  if (turned !== undefined)
    lines.push([
      'i−p+1',
      'the constant is the last place of the kernel (or the padding): the kernel is walked from its end',
    ]);
  if (coordinates.some((one) => winnersIn(one).length > 0))
    lines.push([
      'winners',
      'the sums follow the winners of the max pools; the same gradients as plain sums: longhand study, or --dump equations',
    ]);
  if (program.gradients.size > 0) {
    const [name] = [...program.gradients.values()].map((one) => one.name);
    lines.push([
      `${name}[0] +=`,
      `added up over the samples since the last step; step() then changes the weights by rate·${name}`,
    ]);
  }
  return lines;
}

function leavesArrays({ value }: Equation): boolean {
  return readsOf(value).some(({ tensor, at }) =>
    pairsOf(at, tensor.shape).some(([coordinate, size]) => !staysWithin(coordinate, size)),
  );
}

/** What the letters of transformed tiles mean, told of the first convolution that goes by them. */
function tileLines(equations: readonly Equation[]): readonly LegendLine[] {
  const matrices = new Set(equations.flatMap(({ value }) => matricesOf(value)));
  const kernel = equations.find(({ value }) => matricesOf(value).some((name) => name.startsWith('G')));
  if (kernel === undefined) return [];
  const of = kernel.target.name.slice(1);
  return [
    [
      `U${of}, V${of}`,
      `${of} goes by tiles (Winograd), which takes fewer products than the sum: G${of}, U${of} its kernel, D${of}, V${of} tiles of its image, both transformed, M${of} their products, Y${of} half of the way back; s,t, together m, count the places of a transformed tile, n the tiles, a,b the places of one; --no-winograd writes sums`,
    ],
    [
      [...matrices].sort().join(','),
      'matrices of constants, whose numbers stand in the lines below: B of an image, G of a kernel, A of the way back; A43: 4 neighbours at once, kernel of 3',
    ],
  ];
}

/** The transforms and the products between them, whose letters mean something else. */
function equationsOfTiles(equations: readonly Equation[]): ReadonlySet<Equation> {
  const transforms = equations.filter(({ value }) => matricesOf(value).length > 0);
  const transformed = new Set(transforms.map(({ target }) => storageOf(target)));
  const products = equations.filter(({ value }) =>
    readsOf(value).some(({ tensor }) => /^[UV]/.test(tensor.name) && transformed.has(storageOf(tensor))),
  );
  return new Set([...transforms, ...products]);
}

function matricesOf(e: Expression): readonly string[] {
  return [...(e.kind === 'entry' ? [e.matrix.name] : []), ...childrenOf(e).flatMap(matricesOf)];
}

function conditionsOf(e: Expression): readonly Condition[] {
  return [...(e.kind === 'where' ? [e.condition] : []), ...childrenOf(e).flatMap(conditionsOf)];
}

function functionLines(equations: readonly Equation[]): readonly LegendLine[] {
  const names = new Set<FunctionName>();
  for (const { value } of equations) forEachCall(value, (name) => names.add(name));
  return [...names].flatMap((name) => {
    const definition = definitions[name];
    return definition === undefined ? [] : [[signs[name] ?? name, definition] as const];
  });
}

/** The legend as aligned lines of text. */
export function printLegend(lines: readonly LegendLine[]): readonly string[] {
  const width = Math.max(...lines.map(([sign]) => [...sign].length));
  return ['How to read it', ...lines.map(([sign, meaning]) => `  ${sign.padEnd(width)}  ${meaning}`)];
}
