import type { ActivationName, ActivationNumbers, ActivationParameter } from '../../layers/options.ts';
import { activate } from '../../reference/activations.ts';
import { erf } from '../../reference/erf.ts';
import { shortNumber } from './context.ts';
import type { NodeProto } from './schema.ts';

/**
 * Exporters write an activation that ONNX has no operator for as several: GELU as a division, an erf, a sum and two
 * products. Whatever the pieces and their order, they are one function of one number, and a function is known by its
 * values: a group of scalar operators on one input is run on a few numbers and compared with every activation.
 */

/** Truth is 1, as ONNX casts it. */
type Scalar = (inputs: readonly number[], node: NodeProto) => number;

const attribute = (node: NodeProto, name: string, absent: number): number =>
  node.attribute.find((one) => one.name === name)?.f ?? absent;

const operators: Readonly<Record<string, Scalar>> = {
  Add: ([a, b]) => a! + b!,
  Sub: ([a, b]) => a! - b!,
  Mul: ([a, b]) => a! * b!,
  Div: ([a, b]) => a! / b!,
  Pow: ([a, b]) => a! ** b!,
  Max: (inputs) => Math.max(...inputs),
  Min: (inputs) => Math.min(...inputs),
  Neg: ([a]) => -a!,
  Abs: ([a]) => Math.abs(a!),
  Exp: ([a]) => Math.exp(a!),
  Log: ([a]) => Math.log(a!),
  Sqrt: ([a]) => Math.sqrt(a!),
  Reciprocal: ([a]) => 1 / a!,
  Identity: ([a]) => a!,
  Cast: ([a]) => a!,
  CastLike: ([a]) => a!,
  Greater: ([a, b]) => Number(a! > b!),
  Less: ([a, b]) => Number(a! < b!),
  GreaterOrEqual: ([a, b]) => Number(a! >= b!),
  LessOrEqual: ([a, b]) => Number(a! <= b!),
  And: ([a, b]) => a! * b!,
  Or: ([a, b]) => Math.max(a!, b!),
  Not: ([a]) => 1 - a!,
  Where: ([condition, a, b]) => (condition === 0 ? b! : a!),
  Sign: ([a]) => Math.sign(a!),
  LeakyRelu: ([a], node) => (a! < 0 ? attribute(node, 'alpha', 0.01) * a! : a!),
  Elu: ([a], node) => (a! < 0 ? attribute(node, 'alpha', 1) * Math.expm1(a!) : a!),
  Relu: ([a]) => Math.max(0, a!),
  Sigmoid: ([a]) => 1 / (1 + Math.exp(-a!)),
  Tanh: ([a]) => Math.tanh(a!),
  Softplus: ([a]) => Math.log1p(Math.exp(a!)),
  Erf: ([a]) => erf(a!),
  HardSigmoid: ([a], node) =>
    Math.max(0, Math.min(1, attribute(node, 'alpha', 0.2) * a! + attribute(node, 'beta', 0.5))),
  HardSwish: ([a]) => (a! * Math.max(0, Math.min(6, a! + 3))) / 6,
  Clip: ([a, least, most], node) =>
    Math.min(
      most ?? attribute(node, 'max', Number.POSITIVE_INFINITY),
      Math.max(least ?? attribute(node, 'min', Number.NEGATIVE_INFINITY), a!),
    ),
};

/** No point is 0, where quotients would be undefined, or a kink. */
const points = [-9.3, -4.1, -2.9, -1.7, -0.83, -0.31, -0.013, 0.017, 0.29, 0.71, 1.3, 2.7, 3.1, 5.9, 6.3, 11.1];

/** What a group may be recognised as; the others are operators of ONNX themselves. */
const candidates: readonly ActivationName[] = [
  'gelu',
  'silu',
  'hardSwish',
  'softsign',
  'hardSigmoid',
  'relu6',
  'mish',
  'geluTanh',
  'logSigmoid',
  'tanh',
  'sigmoid',
  'softplus',
  'selu',
];

/** Activations with a number of their own: one of the constants of the group, or its opposite. */
const withNumber: readonly (readonly [ActivationName, ActivationParameter])[] = [
  ['hardShrink', 'theta'],
  ['softShrink', 'theta'],
  ['thresholdedRelu', 'theta'],
  ['leakyRelu', 'alpha'],
  ['elu', 'alpha'],
  ['celu', 'alpha'],
];

/** An activation and its number. */
interface Known {
  readonly activation: ActivationName;
  readonly numbers: ActivationNumbers;
}

function valuesOf({ activation, numbers }: Known): readonly number[] {
  return points.map((x) => activate(activation, numbers, { shape: [1], values: Float64Array.of(x) }).values[0]!);
}

let table: readonly (readonly [Known, readonly number[]])[] | undefined;

function tableOf(): readonly (readonly [Known, readonly number[]])[] {
  table ??= candidates.map((activation) => {
    const known = { activation, numbers: {} };
    return [known, valuesOf(known)] as const;
  });
  return table;
}

const maxGroup = 16;

/**
 * The nodes with every recognised group replaced by one LonghandActivation.
 *
 * @param scalarOf the number that a name stands for, if it is a constant of one number
 */
export function recognise(
  nodes: readonly NodeProto[],
  scalarOf: (name: string) => number | undefined,
  uses: ReadonlyMap<string, number>,
): readonly NodeProto[] {
  const producers = new Map(nodes.flatMap((node) => node.output.map((name) => [name, node] as const)));
  const gone = new Set<NodeProto>();
  const replaced = new Map<NodeProto, NodeProto>();
  for (const root of [...nodes].reverse()) {
    if (gone.has(root) || operators[root.opType ?? ''] === undefined) continue;
    const group = groupOf(root, producers, scalarOf, uses);
    if (group === undefined || group.nodes.size < 2 || [...group.nodes].some((node) => gone.has(node))) continue;
    const known = knownAs(root, group);
    if (known === undefined) continue;
    for (const node of group.nodes) gone.add(node);
    const none = { floats: [], ints: [], strings: [] };
    const attribute = [
      { name: 'activation', s: new TextEncoder().encode(known.activation), ...none },
      ...Object.entries(known.numbers).map(([name, f]) => ({ name, f: f as number, ...none })),
    ];
    replaced.set(root, { ...root, opType: 'LonghandActivation', input: [group.leaf], attribute });
  }
  return nodes.flatMap((node) => replaced.get(node) ?? (gone.has(node) ? [] : [node]));
}

interface Group {
  readonly nodes: ReadonlySet<NodeProto>;
  /** The one name that everything is computed from. */
  readonly leaf: string;
  readonly producers: ReadonlyMap<string, NodeProto>;
  readonly scalarOf: (name: string) => number | undefined;
}

/**
 * The operators behind a root that depend on one name alone. A name that several read is that one: what lies behind it
 * is needed by others.
 */
function groupOf(
  root: NodeProto,
  producers: ReadonlyMap<string, NodeProto>,
  scalarOf: Group['scalarOf'],
  uses: ReadonlyMap<string, number>,
): Group | undefined {
  const nodes = new Set<NodeProto>([root]);
  const leaves = new Set<string>();
  const pending = [...root.input];
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    if (name === '' || scalarOf(name) !== undefined) continue;
    const node = producers.get(name);
    const isInside = node !== undefined && operators[node.opType ?? ''] !== undefined && uses.get(name) === 1;
    if (!isInside) leaves.add(name);
    else if (!nodes.has(node)) {
      nodes.add(node);
      if (nodes.size > maxGroup) return undefined;
      pending.push(...node.input);
    }
  }
  const [leaf] = leaves;
  return leaves.size === 1 && leaf !== undefined ? { nodes, leaf, producers, scalarOf } : undefined;
}

function knownAs(root: NodeProto, group: Group): Known | undefined {
  const found = points.map((x) => evaluate(root, x, group, 0));
  const agrees = (values: readonly number[]) =>
    values.every((value, n) => Math.abs(value - found[n]!) <= 1e-5 * Math.max(1, Math.abs(value)));
  const fixed = tableOf().find(([, values]) => agrees(values));
  if (fixed !== undefined) return fixed[0];
  const scalars = [...group.nodes].flatMap(({ input, attribute }) => [
    ...input.flatMap((name) => (name === '' ? [] : (group.scalarOf(name) ?? []))),
    ...attribute.flatMap(({ f }) => f ?? []),
  ]);
  const numbers = new Set(scalars.filter(Number.isFinite).map((value) => shortNumber(Math.abs(value))));
  return withNumber
    .flatMap(([activation, name]) => [...numbers].map((value): Known => ({ activation, numbers: { [name]: value } })))
    .find((known) => agrees(valuesOf(known)));
}

function evaluate(node: NodeProto, x: number, group: Group, depth: number): number {
  if (depth > maxGroup) return Number.NaN;
  const inputs = node.input.map((name) => {
    if (name === group.leaf) return x;
    if (name === '') return undefined;
    const producer = group.producers.get(name);
    return group.scalarOf(name) ?? (producer === undefined ? Number.NaN : evaluate(producer, x, group, depth + 1));
  });
  return operators[node.opType ?? '']!(inputs as readonly number[], node);
}
