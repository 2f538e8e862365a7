import { type Problem, SpecError } from '../../spec/problem.ts';
import type { Activation } from '../build/activation.ts';
import { quote, refuse } from '../refuse.ts';
import { canFold, foldConstant } from './constants.ts';
import type { Context } from './context.ts';
import { branchOf, withCaptures } from './inline.ts';
import { type Known, recogniseLocalNorms } from './localNorm.ts';
import { OnnxNode, placeOf } from './node.ts';
import { operators } from './operators/index.ts';
import type { OnnxModel } from './read.ts';
import { recognise } from './scalars.ts';
import type { NodeProto } from './schema.ts';
import { recogniseNorms } from './standardise.ts';
import { type ReadBeside, readTensor } from './tensor.ts';
import type { Value } from './value.ts';
import { overWhole } from './wholeSample.ts';

/** Nobody reads more. */
const maxProblems = 20;

/** Branches within branches. */
const maxDepth = 16;

/** An output of the graph, and what it stands for. */
export interface Result {
  readonly name: string;
  readonly value: Activation;
}

/**
 * Goes through the nodes that the outputs need, each after its inputs, and gives what the outputs stand for.
 *
 * @throws SpecError with every node that cannot be expressed, and how many could
 */
export function evaluate(
  model: OnnxModel,
  inputs: ReadonlyMap<string, Value>,
  context: Context,
  readBeside: ReadBeside,
): readonly Result[] {
  const outputs = outputsOf(model);
  const values = new Map<string, Value>(inputs);
  for (const tensor of model.graph.initializer) values.set(tensor.name ?? '', readTensor(tensor, readBeside));
  const all = neededFor(model.graph.node, outputs);
  const known = knownOf(all, values, readBeside);
  const needed = neededFor(recogniseLocalNorms(recogniseNorms(all, scalarOf(known)), known), outputs);
  const uses = countUses(needed, outputs);
  const nodes = inOrder(recognise(needed, scalarOf(known), uses), values);
  const run = { model, context, readBeside, values, uses, problems: [] as Problem[], depth: 0 };
  const taken = nodes.filter((node) => take(node, run)).length;
  if (run.problems.length > 0) {
    const { problems } = run;
    const rest = problems.length > maxProblems ? ` (${problems.length - maxProblems} more of them)` : '';
    const found = `found ${taken} of ${nodes.length} nodes that can be expressed`;
    const summary = { path: 'graph', found, expected: `expected all of them${rest}` };
    throw new SpecError([...problems.slice(0, maxProblems), summary]);
  }
  return outputs.map((name) => {
    const value = values.get(name);
    if (value?.kind === 'activation') return { name, value };
    return refuse('graph.output', `an output ${quote(name)} that does not depend on the input`, 'one that does');
  });
}

const maxOutputs = 64;

function outputsOf({ graph }: OnnxModel): readonly string[] {
  const names = graph.output.map(({ name = '' }) => name);
  if (names.length >= 1 && names.length <= maxOutputs && !names.includes('')) return [...new Set(names)];
  return refuse('graph.output', `${names.length} outputs`, `1 to ${maxOutputs} with names`);
}

/** The nodes that the outputs depend on. */
function neededFor(nodes: readonly NodeProto[], outputs: readonly string[]): readonly NodeProto[] {
  const producers = new Map(nodes.flatMap((node) => node.output.map((name) => [name, node] as const)));
  const needed = new Set<NodeProto>();
  const pending = [...outputs];
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    const node = name === '' ? undefined : producers.get(name);
    if (node === undefined || needed.has(node)) continue;
    needed.add(node);
    pending.push(...node.input);
  }
  return nodes.filter((node) => needed.has(node));
}

function countUses(nodes: readonly NodeProto[], outputs: readonly string[]): ReadonlyMap<string, number> {
  const uses = new Map(outputs.map((name) => [name, 1]));
  for (const name of nodes.flatMap(({ input }) => input)) uses.set(name, (uses.get(name) ?? 0) + 1);
  return uses;
}

/** The numbers behind the names of weights and constants. */
function knownOf(nodes: readonly NodeProto[], values: ReadonlyMap<string, Value>, readBeside: ReadBeside): Known {
  const constants = new Map(
    nodes.flatMap((node) => (node.opType === 'Constant' ? [[node.output[0], node] as const] : [])),
  );
  return (name) => {
    const node = constants.get(name);
    const value = node === undefined ? values.get(name) : foldConstant(new OnnxNode(node, [], 0), readBeside);
    return value?.kind === 'constant' ? value.values : undefined;
  };
}

/** The numbers behind names that are one number each. */
function scalarOf(known: Known): (name: string) => number | undefined {
  return (name) => {
    const values = known(name);
    return values?.length === 1 ? values[0] : undefined;
  };
}

/** Each node after those it reads. ONNX asks for that order; who does not keep it is put right, a cycle is refused. */
function inOrder(nodes: readonly NodeProto[], known: ReadonlyMap<string, Value>): readonly NodeProto[] {
  const makers = new Map(nodes.flatMap((node) => node.output.map((name) => [name, node] as const)));
  const waitsFor = new Map<NodeProto, number>();
  const readers = new Map<NodeProto, NodeProto[]>();
  for (const node of nodes) {
    const before = new Set(
      node.input.flatMap((name) => (name === '' || known.has(name) ? [] : (makers.get(name) ?? []))),
    );
    waitsFor.set(node, before.size);
    for (const maker of before) readers.set(maker, [...(readers.get(maker) ?? []), node]);
  }
  const ordered = nodes.filter((node) => waitsFor.get(node) === 0);
  for (const node of ordered) {
    for (const reader of readers.get(node) ?? []) {
      const left = waitsFor.get(reader)! - 1;
      waitsFor.set(reader, left);
      if (left === 0) ordered.push(reader);
    }
  }
  if (ordered.length === nodes.length) return ordered;
  const stuck = nodes.find((node) => waitsFor.get(node)! > 0)!;
  return refuse(placeOf(stuck), 'a node that waits for itself', 'a graph without cycles');
}

interface Run {
  readonly model: OnnxModel;
  readonly context: Context;
  readonly readBeside: ReadBeside;
  readonly values: Map<string, Value>;
  readonly uses: ReadonlyMap<string, number>;
  readonly problems: Problem[];
  /** How many branches it is within. */
  readonly depth: number;
}

/** Expresses one node; false where it cannot be, or one before it could not. */
function take(proto: NodeProto, run: Run): boolean {
  const { values, problems } = run;
  const missing = proto.input.filter((name) => name !== '' && !values.has(name));
  if (missing.length > 0) {
    problems.push(...problemsOfMissing(proto, missing, run));
    return false;
  }
  const node = new OnnxNode(
    proto,
    proto.input.map((name) => (name === '' ? undefined : values.get(name))),
    run.model.opset,
  );
  try {
    keep(proto, proto.opType === 'If' ? branch(proto, node, run) : [express(proto, node, run)].flat(), run);
    return true;
  } catch (error) {
    if (!(error instanceof SpecError)) throw error;
    problems.push(...error.problems.map((one) => problemAt(placeOf(proto), one)));
    return false;
  }
}

/** What is wrong with a node whose inputs are not there; nothing where the node before it has told already. */
function problemsOfMissing(proto: NodeProto, missing: readonly string[], { model }: Run): readonly Problem[] {
  // An operator that nothing could help is told of whatever stands before it.
  if (!isKnown(proto)) {
    const found = 'found an operator that longhand has no layer for';
    return [{ path: placeOf(proto), found, expected: 'expected operators of layers' }];
  }
  const isOrphan = missing.every((name) => !model.graph.node.some(({ output }) => output.includes(name)));
  if (!isOrphan) return [];
  const found = `found an input ${quote(missing[0]!)} that nothing makes`;
  return [{ path: placeOf(proto), found, expected: 'expected a whole graph' }];
}

/** Gives what a node yields its names. */
function keep(proto: NodeProto, results: readonly (Value | undefined)[], { values, uses }: Run): void {
  for (const [n, value] of results.entries()) {
    const name = proto.output[n];
    if (name !== undefined && name !== '' && value !== undefined) values.set(name, bound(value, uses.get(name) ?? 0));
  }
}

/** A problem of a node in a branch has its place already. */
function problemAt(place: string, one: Problem): Problem {
  if (one.path.startsWith('node ')) return one;
  return { ...one, path: one.path === '' ? place : `${place}: ${one.path}` };
}

/** The nodes of the branch that is taken, which must be known; its values are those of the node. */
function branch(proto: NodeProto, node: OnnxNode, run: Run): readonly (Value | undefined)[] {
  const [taken = 0] = node.constant(0, 'condition').values;
  const graph = branchOf(proto, taken === 0 ? 'else_branch' : 'then_branch');
  if (graph === undefined) return node.refuse('no branch', 'two branches');
  for (const tensor of graph.initializer) run.values.set(tensor.name ?? '', readTensor(tensor, run.readBeside));
  const nodes = inOrder(withCaptures(graph.node), run.values);
  if (run.depth >= maxDepth) node.refuse(`branches ${run.depth} deep`, `at most ${maxDepth}`);
  const all = nodes.map((inner) => take(inner, { ...run, depth: run.depth + 1 }));
  if (all.includes(false)) node.refuse('a branch that cannot be expressed', 'one that can');
  return graph.output.map(({ name = '' }) => run.values.get(name));
}

function bound(value: Value, uses: number): Value {
  if (value.kind === 'sequence') return { ...value, parts: value.parts.map((part) => ({ ...part, isShared: true })) };
  return value.kind === 'activation' ? { ...value, isShared: value.isShared || uses > 1 } : value;
}

function isKnown({ opType = '' }: NodeProto): boolean {
  return opType === 'If' || Object.hasOwn(operators, opType) || canFold(opType);
}

function express(
  proto: NodeProto,
  node: OnnxNode,
  { context, readBeside }: Run,
): Value | readonly (Value | undefined)[] {
  const { domain = '' } = proto;
  if (domain !== '' && domain !== 'ai.onnx') node.refuse(`an operator of ${quote(domain)}`, 'operators of ONNX itself');
  if (node.inputs.every((value) => value === undefined || value.kind === 'constant')) {
    const folded = foldConstant(node, readBeside);
    if (folded !== undefined) return folded;
  }
  const operator = Object.hasOwn(operators, node.op) ? operators[node.op] : undefined;
  if (operator === undefined) return node.refuse('an operator that longhand has no layer for', 'operators of layers');
  return context.reading === 'whole' ? overWhole(operator, node, context) : operator(node, context);
}
