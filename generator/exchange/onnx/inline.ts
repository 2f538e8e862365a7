import { decodeMessage, encodeMessage } from '../protobuf.ts';
import { quote, refuse } from '../refuse.ts';
import { type AttributeProto, type FunctionProto, type GraphProto, graphType, type NodeProto } from './schema.ts';

/** Functions that call functions that call functions … */
const maxDepth = 16;
const maxNodes = 100_000;

type Functions = ReadonlyMap<string, FunctionProto>;

/**
 * Nodes that call functions of the model itself, replaced by the functions' nodes with names of their own: PyTorch's
 * second exporter wrote every operator as a function of the model.
 */
export function inlineFunctions(
  nodes: readonly NodeProto[],
  functions: readonly FunctionProto[],
): readonly NodeProto[] {
  if (functions.length === 0) return nodes;
  const known = new Map(functions.map((one) => [keyOf(one.domain, one.name, one.overload), one]));
  const count = { nodes: 0, calls: 0 };
  return nodes.flatMap((node) => expand(node, known, count, 0));
}

function keyOf(domain = '', name = '', overload = ''): string {
  return `${domain}::${name}::${overload}`;
}

function expand(
  node: NodeProto,
  functions: Functions,
  count: { nodes: number; calls: number },
  depth: number,
): readonly NodeProto[] {
  const called = functions.get(keyOf(node.domain, node.opType, node.overload));
  if (++count.nodes > maxNodes) refuse('functions', `more than ${maxNodes} nodes`, 'fewer');
  if (called === undefined) return [withBranches(node, (inner) => expand(inner, functions, count, depth + 1), depth)];
  if (depth > maxDepth) refuse(`function ${quote(called.name ?? '')}`, `calls ${depth} deep`, `at most ${maxDepth}`);
  const prefix = `${node.name || node.output[0] || node.opType}/${++count.calls}/`;
  const names = new Map<string, string>([
    ...called.input.map((name, n) => [name, node.input[n] ?? ''] as const),
    ...called.output.flatMap((name, n) => (node.output[n] ? [[name, node.output[n]] as const] : [])),
  ]);
  const rename = (name: string): string => (name === '' ? '' : (names.get(name) ?? `${prefix}${name}`));
  const given = new Map([...called.attributeProto, ...node.attribute].map((one) => [one.name ?? '', one]));
  const own = (inner: NodeProto): NodeProto => ({
    ...inner,
    name: `${prefix}${inner.name ?? inner.opType ?? ''}`,
    input: inner.input.map(rename),
    output: inner.output.map(rename),
    attribute: inner.attribute.flatMap((one) => attributeOf(one, given)),
  });
  return called.node.flatMap((inner) => {
    const renamed = withBranches(own(inner), (one) => [own(one)], depth, rename);
    return expand(renamed, functions, count, depth + 1);
  });
}

const same = (name: string): string => name;

/** A node with the graphs of its branches rewritten: node by node, and the names of what goes out and in. */
function withBranches(
  node: NodeProto,
  rewrite: (inner: NodeProto) => readonly NodeProto[],
  depth: number,
  rename = same,
): NodeProto {
  if (node.opType !== 'If') return node;
  if (depth > maxDepth) refuse(`node ${quote(node.name ?? '')}`, `branches ${depth} deep`, `at most ${maxDepth}`);
  const attribute = node.attribute.map((one) => {
    if (one.g === undefined) return one;
    const graph = decodeMessage(one.g, graphType) as unknown as GraphProto;
    const inner = graph.node.flatMap((each) => {
      const nested = rename === same ? each : withBranches(each, rewrite, depth + 1, rename);
      return rewrite(nested);
    });
    const named = <T extends { readonly name?: string }>(all: readonly T[]) =>
      all.map((each) => ({ ...each, name: rename(each.name ?? '') }));
    const own = { ...graph, node: inner, initializer: named(graph.initializer), output: named(graph.output) };
    return { ...one, g: encodeMessage(own as never, graphType) };
  });
  return { ...node, attribute };
}

/** An attribute may stand for one of the call. */
function attributeOf(one: AttributeProto, given: ReadonlyMap<string, AttributeProto>): readonly AttributeProto[] {
  if (one.refAttrName === undefined || one.refAttrName === '') return [one];
  const value = given.get(one.refAttrName);
  return value === undefined ? [] : [{ ...value, ...(one.name === undefined ? {} : { name: one.name }) }];
}

/** The graph of a branch. */
export function branchOf(node: NodeProto, name: 'then_branch' | 'else_branch'): GraphProto | undefined {
  const bytes = node.attribute.find((one) => one.name === name)?.g;
  return bytes === undefined ? undefined : (decodeMessage(bytes, graphType) as unknown as GraphProto);
}

/** Nodes with branches, with what the branches read from outside among their inputs, so that it is there before them. */
export function withCaptures(nodes: readonly NodeProto[]): readonly NodeProto[] {
  return nodes.map((node) => {
    if (node.opType !== 'If') return node;
    const captured = (['then_branch', 'else_branch'] as const).flatMap((name) => {
      const graph = branchOf(node, name);
      const own = new Set([...(graph?.node ?? []).flatMap(({ output }) => output)]);
      for (const { name: tensor = '' } of graph?.initializer ?? []) own.add(tensor);
      const read = [
        ...(graph?.node ?? []).flatMap(({ input }) => input),
        ...(graph?.output ?? []).map(({ name: output = '' }) => output),
      ];
      return read.filter((one) => one !== '' && !own.has(one));
    });
    return { ...node, input: [node.input[0] ?? '', ...new Set(captured)] };
  });
}
