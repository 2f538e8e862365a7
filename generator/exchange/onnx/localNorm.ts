import type { NodeProto } from './schema.ts';

/** What a name is, where it is known before anything is worked out. */
export type Known = (name: string) => ArrayLike<number> | undefined;

/** Operators that hand on the numbers of their first input, with other axes or zeros around them. */
const carriers = ['Reshape', 'Squeeze', 'Unsqueeze', 'Identity', 'Cast', 'Pad'];

/**
 * PyTorch writes a local response normalisation as x/(k + α·mean)^β, the mean over neighbouring channels as a pool of
 * x² with an axis more, zeros before and behind the channels. The division becomes one LRN (Krizhevsky et al. 2012);
 * the pieces are then needed by nobody.
 */
export function recogniseLocalNorms(nodes: readonly NodeProto[], known: Known): readonly NodeProto[] {
  const producers = new Map(nodes.flatMap((node) => node.output.map((name) => [name, node] as const)));
  return nodes.map((node) => (node.opType === 'Div' ? (localNorm(node, producers, known) ?? node) : node));
}

type Producers = ReadonlyMap<string, NodeProto>;

function localNorm(node: NodeProto, producers: Producers, known: Known): NodeProto | undefined {
  const [x = '', root = ''] = node.input;
  const power = withScalar(producers.get(root), 'Pow', known);
  const sum = withScalar(producers.get(power?.rest ?? ''), 'Add', known);
  const product = withScalar(producers.get(sum?.rest ?? ''), 'Mul', known);
  const pool = source(product?.rest ?? '', producers, known);
  if (power === undefined || sum === undefined || product === undefined || pool?.opType !== 'AveragePool')
    return undefined;
  const ints = (name: string) => pool.attribute.find((one) => one.name === name)?.ints ?? [];
  const [size = 0, ...others] = ints('kernel_shape');
  const isAlongChannels = size % 2 === 1 && [...others, ...ints('strides')].every((one) => one === 1);
  const square = source(pool.input[0] ?? '', producers, known, (size - 1) / 2 - (ints('pads')[0] ?? 0));
  const isSquare =
    (square?.opType === 'Mul' && square.input[0] === x && square.input[1] === x) ||
    (square?.opType === 'Pow' && square.input[0] === x && known(square.input[1] ?? '')?.[0] === 2);
  if (!isAlongChannels || !isSquare) return undefined;
  const number = (name: string, f: number) => ({ name, f, floats: [], ints: [], strings: [] });
  const attribute = [
    { name: 'size', i: size, floats: [], ints: [], strings: [] },
    number('alpha', product.scalar),
    number('beta', power.scalar),
    number('bias', sum.scalar),
  ];
  return { ...node, opType: 'LRN', input: [x], attribute };
}

/** A node with one number among its two inputs, the second of a power. */
function withScalar(node: NodeProto | undefined, op: string, known: Known) {
  if (node?.opType !== op) return undefined;
  const [a = '', b = ''] = node.input;
  const scalarOf = (name: string) => (known(name)?.length === 1 ? known(name)![0] : undefined);
  const second = scalarOf(b);
  if (second !== undefined) return { rest: a, scalar: second };
  const first = op === 'Pow' ? undefined : scalarOf(a);
  return first === undefined ? undefined : { rest: b, scalar: first };
}

const maxSteps = 16;

/**
 * The node that a name's numbers come from. Pads that are known must put as many zeros before as are wanted; PyTorch's
 * first exporter works them out, and squeezes in a branch whose condition is an axis of 1.
 */
function source(name: string, producers: Producers, known: Known, before?: number): NodeProto | undefined {
  let node = producers.get(name);
  for (let step = 0; step < maxSteps && node !== undefined; step++) {
    const isCarrier = carriers.includes(node.opType ?? '');
    if (!isCarrier && node.opType !== 'If') return node;
    const pads: ArrayLike<number> | undefined = node.opType === 'Pad' ? known(node.input[1] ?? '') : undefined;
    const isOther = pads !== undefined && Array.from(pads).some((pad) => pad !== 0 && pad !== before);
    if (isOther) return undefined;
    node = producers.get(node.input[node.opType === 'If' ? 1 : 0] ?? '');
  }
  return undefined;
}
