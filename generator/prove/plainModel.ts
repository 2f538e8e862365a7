import { type Ends, flattened } from '../check/namedEnds.ts';
import type { Coordinate, Point } from './points.ts';
import type { Exports } from './program.ts';

/** A generated model as users run it. */
interface Model {
  readonly parameters: Float64Array;
  readonly gradients: Float64Array;
  readonly inputGradient?: Float64Array;
  readonly masks?: readonly Float64Array[];
  forward(input: readonly number[]): Float64Array;
  backward(given: readonly number[]): number | undefined;
  step(rate: number): void;
}

/** What a training step computes, by name. */
export type Floats = ReadonlyMap<string, readonly (number | undefined)[]>;

/** A training step of the untouched text, in floats alone. */
export class PlainModel {
  readonly #model: Model;

  constructor(exports: Exports) {
    const { createModel, network } = exports as { createModel(initial?: readonly number[]): Model; network: Ends };
    this.#model = flattened(network, createModel([...createModel().parameters]));
  }

  run(point: Point): Floats {
    const model = this.#model;
    model.parameters.set(floats(point.parameters));
    model.gradients.set(floats(point.gradients));
    for (const [position, mask] of point.masks.entries()) model.masks?.[position]?.set(floats(mask));
    const results = new Map<string, readonly (number | undefined)[]>();
    results.set('output', [...model.forward(floats(point.input))]);
    results.set('loss', [model.backward(floats(point.given))]);
    results.set('gradients', [...model.gradients]);
    if (model.inputGradient !== undefined) results.set('inputGradient', [...model.inputGradient]);
    model.step(point.rate.float);
    results.set('parameters', [...model.parameters]);
    return results;
  }
}

function floats(coordinates: readonly Coordinate[]): number[] {
  return coordinates.map(({ float }) => float);
}
