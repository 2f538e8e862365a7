import type { z } from 'zod';
import type { Tensor } from '../equations/tensor.ts';
import type { Shape } from '../shape.ts';
import type { LayerBuilder } from './builder.ts';

/** Sizes that do not fit: the option that is to blame, what was found, what would be right. */
export class Misfit {
  readonly option: string;
  readonly found: string;
  readonly expected: string;

  constructor(option: string, found: string, expected: string) {
    this.option = option;
    this.found = found;
    this.expected = expected;
  }
}

/** All that longhand knows of a layer kind. One value in one file; the registry lists them. */
export interface LayerDefinition<Schema extends z.ZodObject = z.ZodObject> {
  /** Schema of the options, defaults included; `type`, `name` and `inputs` are added by the parser. */
  readonly options: Schema;
  /** How many inputs the layer reads; one where absent. */
  readonly arity?: 'one' | 'many';
  /** Whether it has parameters: other layers of the kind can use them, and `"trainable": false` holds them fixed. */
  readonly hasParameters?: true;
  /** Whether the output has the input's numbers in their order, in another shape: what is true of them stays true. */
  readonly isView?: true;
  /** Output shape for the given input shapes, or the misfit. */
  shape(inputs: readonly Shape[], options: z.output<Schema>): Shape | Misfit;
  /** The forward equations; returns the layer's output. */
  forward(layer: LayerBuilder, options: z.output<Schema>): Tensor;
}

export function defineLayer<Schema extends z.ZodObject>(definition: LayerDefinition<Schema>): LayerDefinition<Schema> {
  return definition;
}
