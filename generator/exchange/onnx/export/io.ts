import { refuse } from '../../refuse.ts';
import { channelsLast } from '../context.ts';
import { type AttributeValue, type Dims, type GraphWriter, sizeOf } from './graph.ts';

/** What stands for a layer's output: its name in the order of the spec, channels first, or both. */
export interface Names {
  readonly shape: Dims;
  last?: string;
  first?: string;
}

/** What the writer of one layer sees: its inputs in the order it wants them, its parameters, and where its result goes. */
export class LayerIo {
  readonly #graph: GraphWriter;
  readonly #layer: string;
  readonly #inputs: readonly Names[];
  readonly #parameters: ReadonlyMap<string, { readonly shape: Dims; readonly values: ArrayLike<number> }>;
  readonly outputShape: Dims;
  readonly result: Names;

  constructor(
    graph: GraphWriter,
    layer: string,
    inputs: readonly Names[],
    shape: Dims,
    parameters: ReadonlyMap<string, { readonly shape: Dims; readonly values: ArrayLike<number> }>,
  ) {
    this.#graph = graph;
    this.#layer = layer;
    this.#inputs = inputs;
    this.#parameters = parameters;
    this.outputShape = shape;
    this.result = { shape };
  }

  get inputShape(): Dims {
    return this.#inputs[0]!.shape;
  }

  get inputSize(): number {
    return sizeOf(this.inputShape);
  }

  /** The shape of a sample with its channels first. */
  firstShape(shape: Dims): Dims {
    return shape.length === 1 ? shape : [shape.at(-1)!, ...shape.slice(0, -1)];
  }

  node(op: string, inputs: readonly string[], attributes: Readonly<Record<string, AttributeValue>> = {}): string {
    return this.#graph.node(op, inputs, attributes);
  }

  integers(values: readonly number[]): string {
    return this.#graph.integers(values);
  }

  floats(values: readonly number[]): string {
    return this.#graph.floats(values);
  }

  scalar(value: number): string {
    return this.#graph.scalar(value);
  }

  values(kind: string): ArrayLike<number> {
    return this.#parameters.get(kind)!.values;
  }

  /** A parameter as the spec has it. */
  parameter(kind: string): string {
    const { shape, values } = this.#parameters.get(kind)!;
    return this.tensor(kind, shape, values);
  }

  /** A parameter in a shape of its own. */
  tensor(kind: string, dims: Dims, values: ArrayLike<number>): string {
    return this.#graph.tensor(`${this.#layer}/${kind}`, dims, values);
  }

  /** One number for each channel, for channels-first numbers. */
  channelTensor(kind: string): string {
    const places = this.inputShape.slice(1).map(() => 1);
    return this.tensor(kind, [this.inputShape.at(-1)!, ...places], this.values(kind));
  }

  /** The first input with its channels first. */
  first(): string {
    return firstOf(this.#graph, this.#inputs[0]!);
  }

  /** The first input in the order of the spec. */
  last(): string {
    return lastOf(this.#graph, this.#inputs[0]!);
  }

  allLast(): readonly string[] {
    return this.#inputs.map((names) => lastOf(this.#graph, names));
  }

  /** The first input in the order that is there. */
  any(): string {
    return this.#inputs[0]!.first ?? this.last();
  }

  anyIsFirst(): boolean {
    return this.#inputs[0]!.first !== undefined;
  }

  /** All inputs in one order: channels first where they are all there so and have the same shape. */
  together(): readonly string[] {
    if (this.togetherIsFirst()) return this.#inputs.map(({ first }) => first!);
    const rank = this.outputShape.length;
    // A vector of channels beside an image: ONNX would take its samples for rows.
    return this.#inputs.map((names) => {
      const { shape } = names;
      const last = lastOf(this.#graph, names);
      if (shape.length === rank) return last;
      return this.node('Reshape', [last, this.integers([-1, ...Array(rank - shape.length).fill(1), ...shape])]);
    });
  }

  togetherIsFirst(): boolean {
    const isSame = this.#inputs.every(({ shape }) => shape.join() === this.inputShape.join());
    return isSame && this.#inputs.every(({ first }) => first !== undefined);
  }

  give(name: string, isFirst: boolean): void {
    if (isFirst) this.giveFirst(name);
    else this.giveLast(name);
  }

  giveFirst(name: string): void {
    if (this.result.shape.length === 1) this.result.last = name;
    this.result.first = name;
  }

  giveLast(name: string): void {
    if (this.result.shape.length === 1) this.result.first = name;
    this.result.last = name;
  }

  giveAsItIs(): void {
    Object.assign(this.result, { ...this.#inputs[0]!, shape: this.outputShape });
  }

  refuse(found: string, expected: string): never {
    return refuse(this.#layer, found, expected);
  }
}

export function firstOf(graph: GraphWriter, names: Names): string {
  const rank = names.shape.length + 1;
  names.first ??= graph.node('Transpose', [names.last!], {
    perm: [
      0,
      rank - 1,
      ...channelsLast(rank)
        .slice(0, -1)
        .map((axis) => axis - 1),
    ],
  });
  return names.first;
}

export function lastOf(graph: GraphWriter, names: Names): string {
  names.last ??= graph.node('Transpose', [names.first!], { perm: [0, ...channelsLast(names.shape.length + 1)] });
  return names.last;
}
