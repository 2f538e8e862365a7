import { Misfit } from '../../layers/layer.ts';
import { maxElements } from '../../layers/options.ts';
import { definitionOf, isLayerKind } from '../../spec/schema.ts';
import { refuse } from '../refuse.ts';
import { elementCount } from '../weights/tensors.ts';

/** Options of a layer as a spec says them. */
export type Options = Readonly<Record<string, unknown>>;

/** Numbers for the parameters of a layer, by the second half of their names: kernel, bias, … */
export type Parameters = Readonly<Record<string, ArrayLike<number>>>;

/** A layer while a spec is being put together. */
export interface BuiltLayer {
  readonly type: string;
  readonly name: string;
  readonly inputs: readonly string[];
  readonly shape: readonly number[];
  /** Changed in place where what follows becomes part of the layer: a bias, an activation, a scale. */
  options: Options;
  parameters: Parameters;
}

/** Puts a spec together layer by layer; the registry says what fits. */
export class SpecBuilder {
  /** Shapes by name; a single input is called 'input', and has no name in the spec. */
  readonly #inputs: ReadonlyMap<string, readonly number[]>;
  /** Layers that are outputs, and what the spec calls them. */
  #outputs: ReadonlyMap<string, string> = new Map();
  readonly #layers = new Map<string, BuiltLayer>();
  readonly #count = new Map<string, number>();

  constructor(inputs: ReadonlyMap<string, readonly number[]>) {
    this.#inputs = inputs;
    const elements = [...inputs.values()].reduce((total, shape) => total + elementCount(shape), 0);
    if (!(elements <= maxElements)) refuse('input', `${elements} numbers`, `at most ${maxElements} (2^24)`);
  }

  shapeOf(name: string): readonly number[] {
    return (this.#layers.get(name)?.shape ?? this.#inputs.get(name))!;
  }

  /** Undefined for an input. */
  layerOf(name: string): BuiltLayer | undefined {
    return this.#layers.get(name);
  }

  get layers(): readonly BuiltLayer[] {
    return [...this.#layers.values()];
  }

  /**
   * Adds a layer behind others.
   *
   * @throws SpecError where the registry has no such layer or option, or the sizes do not fit
   */
  add(type: string, inputs: readonly string[], options: Options = {}, parameters: Parameters = {}): BuiltLayer {
    if (!isLayerKind(type)) return refuse('', `what would be a layer ${type}`, 'what longhand has a layer for');
    const definition = definitionOf(type);
    // Whether it learns is no option of a kind: every layer with parameters may say so.
    const { trainable: _, ...own } = options;
    const parsed = definition.options.safeParse(own);
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      const place = [type, ...(issue?.path ?? [])].join('.');
      return refuse(place, JSON.stringify(own), issue?.message.replace('expected ', '') ?? 'other options');
    }
    const shape = definition.shape(
      inputs.map((name) => this.shapeOf(name)),
      parsed.data,
    );
    if (shape instanceof Misfit) {
      return refuse(type, shape.found.replace('found ', ''), shape.expected.replace('expected ', ''));
    }
    if (!(elementCount(shape) <= maxElements)) {
      return refuse(type, `an output of ${elementCount(shape)} numbers`, `at most ${maxElements} (2^24)`);
    }
    const number = (this.#count.get(type) ?? 0) + 1;
    this.#count.set(type, number);
    const layer = { type, name: `${type}${number}`, inputs, shape, options, parameters };
    this.#layers.set(layer.name, layer);
    return layer;
  }

  /** Makes layers outputs of the network, by these names. */
  nameOutputs(names: ReadonlyMap<string, string>): void {
    this.#outputs = names;
  }

  /** The spec without its name and loss. */
  spec(): Options {
    const [first] = this.#inputs.values();
    const input = this.#hasNames ? Object.fromEntries(this.#inputs) : first;
    const outputs = Object.fromEntries([...this.#outputs.values()].map((name) => [name, {}]));
    return { input, layers: this.#specLayers(), ...(this.#outputs.size === 0 ? {} : { outputs }) };
  }

  /** The layers as a spec lists them: inputs only where they are not the layer before. */
  #specLayers(): readonly Options[] {
    let before = this.#hasNames ? undefined : 'input';
    return this.layers.map(({ type, name, inputs, options }) => {
      const readsBefore = inputs.length === 1 && inputs[0] === before;
      before = name;
      const own = this.#outputs.get(name);
      return {
        type,
        ...(own === undefined ? {} : { name: own }),
        ...(readsBefore ? {} : { inputs: inputs.map((one) => this.#shown(one)) }),
        ...options,
      };
    });
  }

  get #hasNames(): boolean {
    return !this.#inputs.has('input');
  }

  #shown(name: string): string {
    return this.#outputs.get(name) ?? name;
  }

  /** Every parameter by its full name. */
  weights(): ReadonlyMap<string, ArrayLike<number>> {
    return new Map(
      this.layers.flatMap(({ name, parameters }) =>
        Object.entries(parameters).map(([kind, values]) => [`${this.#shown(name)}/${kind}`, values] as const),
      ),
    );
  }
}
