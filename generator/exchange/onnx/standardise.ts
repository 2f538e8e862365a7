import type { NodeProto } from './schema.ts';

/**
 * Before opset 17 exporters write a layer normalisation in pieces: (x − mean x)/√(mean (x − mean x)² + ε). The division
 * becomes one LonghandStandardise over the axes of the means; the pieces are then needed by nobody.
 */
export function recogniseNorms(
  nodes: readonly NodeProto[],
  scalarOf: (name: string) => number | undefined,
): readonly NodeProto[] {
  const producers = new Map(nodes.flatMap((node) => node.output.map((name) => [name, node] as const)));
  const maker = (name: string | undefined, op: string): NodeProto | undefined => {
    const node = producers.get(name ?? '');
    return node?.opType === op ? node : undefined;
  };
  return nodes.map((node) => {
    if (node.opType !== 'Div') return node;
    const centred = maker(node.input[0], 'Sub');
    const mean = maker(centred?.input[1], 'ReduceMean');
    const sum = maker(maker(node.input[1], 'Sqrt')?.input[0], 'Add');
    const [variance, epsilon] = splitSum(sum, scalarOf);
    const square = producers.get(maker(variance, 'ReduceMean')?.input[0] ?? '');
    const isSquare =
      (square?.opType === 'Pow' && scalarOf(square.input[1] ?? '') === 2) ||
      (square?.opType === 'Mul' && square.input[0] === square.input[1]);
    const axes = mean?.attribute.find(({ name }) => name === 'axes');
    const isNorm = isSquare && square.input[0] === node.input[0] && centred?.input[0] === mean?.input[0];
    if (!isNorm || axes === undefined || epsilon === undefined || mean === undefined) return node;
    const own = { name: 'epsilon', f: epsilon, floats: [], ints: [], strings: [] };
    return { ...node, opType: 'LonghandStandardise', input: [mean.input[0]!], attribute: [axes, own] };
  });
}

function splitSum(sum: NodeProto | undefined, scalarOf: (name: string) => number | undefined) {
  const [a = '', b = ''] = sum?.input ?? [];
  return scalarOf(b) === undefined ? ([b, scalarOf(a)] as const) : ([a, scalarOf(b)] as const);
}
