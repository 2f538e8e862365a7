import type { ActivationName } from '../../layers/options.ts';
import { activate } from '../../reference/activations.ts';
import { erf } from '../../reference/erf.ts';
import type { NodeProto } from './schema.ts';

/**
 * Exporters write an activation that ONNX has no operator for as several: GELU as a division, an erf, a sum and two
 * products. Whatever the pieces and their order, they are one function of one number, and a function is known by its
 * values: a group of scalar operators on one input is run on a few numbers and compared with every activation.
 */

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
];

function known(name: ActivationName, x: number): number {
  return activate(name, {}, { shape: [1], values: Float64Array.of(x) }).values[0]!;
}

let table: ReadonlyMap<ActivationName, readonly number[]> | undefined;

function tableOf(): ReadonlyMap<ActivationName, readonly number[]> {
  table ??= new Map(candidates.map((name) => [name, points.map((x) => known(name, x))]));
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
    const name = nameOf(root, group);
    if (name === undefined) continue;
    for (const node of group.nodes) gone.add(node);
    const value = new TextEncoder().encode(name);
    const attributes = [{ name: 'activation', s: value, floats: [], ints: [], strings: [] }];
    replaced.set(root, { ...root, opType: 'LonghandActivation', input: [group.leaf], attribute: attributes });
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

function nameOf(root: NodeProto, group: Group): ActivationName | undefined {
  const found = points.map((x) => evaluate(root, x, group, 0));
  for (const [name, values] of tableOf()) {
    if (values.every((value, n) => Math.abs(value - found[n]!) <= 1e-5 * Math.max(1, Math.abs(value)))) return name;
  }
  return undefined;
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
