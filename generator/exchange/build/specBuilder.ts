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
  readonly #input: readonly number[];
  readonly #layers = new Map<string, BuiltLayer>();
  readonly #count = new Map<string, number>();

  constructor(input: readonly number[]) {
    this.#input = input;
    const elements = elementCount(input);
    if (!(elements <= maxElements)) refuse('input', `${elements} numbers`, `at most ${maxElements} (2^24)`);
  }

  shapeOf(name: string): readonly number[] {
    return this.#layers.get(name)?.shape ?? this.#input;
  }

  /** Undefined for 'input'. */
  layerOf(name: string): BuiltLayer | undefined {
    return this.#layers.get(name);
  }

  get layers(): readonly BuiltLayer[] {
    return [...this.#layers.values()];
  }

  /** Whether longhand has a kind of layer, with an option where one is named. */
  has(type: string, option?: string): boolean {
    return isLayerKind(type) && (option === undefined || Object.hasOwn(definitionOf(type).options.shape, option));
  }

  /**
   * Adds a layer behind others.
   *
   * @throws SpecError where the registry has no such layer or option, or the sizes do not fit
   */
  add(type: string, inputs: readonly string[], options: Options = {}, parameters: Parameters = {}): BuiltLayer {
    if (!isLayerKind(type)) return refuse('', `what would be a layer ${type}`, 'what longhand has a layer for');
    const definition = definitionOf(type);
    const parsed = definition.options.safeParse(options);
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      const place = [type, ...(issue?.path ?? [])].join('.');
      return refuse(place, JSON.stringify(options), issue?.message.replace('expected ', '') ?? 'other options');
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

  /** The layers as a spec lists them: inputs only where they are not the layer before. */
  specLayers(): readonly Options[] {
    let before = 'input';
    return this.layers.map(({ type, name, inputs, options }) => {
      const readsBefore = inputs.length === 1 && inputs[0] === before;
      before = name;
      return { type, ...(readsBefore ? {} : { inputs }), ...options };
    });
  }

  /** Every parameter by its full name. */
  weights(): ReadonlyMap<string, ArrayLike<number>> {
    return new Map(
      this.layers.flatMap(({ name, parameters }) =>
        Object.entries(parameters).map(([kind, values]) => [`${name}/${kind}`, values] as const),
      ),
    );
  }
}
