import { type Affine, constant, index, indicesOf, plus, rowMajor } from '../equations/affine.ts';
import {
  add,
  compare,
  divide,
  type Expression,
  max,
  multiply,
  number,
  one,
  ordinal,
  read,
  sum,
  where,
  zero,
} from '../equations/expression.ts';
import { coordinatesOf, isDifferentiable, sizeOf, storageOf, type Tensor, view } from '../equations/tensor.ts';
import { readsOf } from '../equations/visit.ts';
import { lastOf, pairsOf } from '../lists.ts';
import { elementsOf, type Shape } from '../shape.ts';
import { logSoftmaxOf } from './activations.ts';
import type { LayerBuilder } from './builder.ts';
import type { At, LossDefinition, LossTerms, Weights } from './losses/loss.ts';
import type { ActivationName } from './options.ts';

/** A loss of one output. */
export interface OutputTerms {
  readonly definition: LossDefinition;
  readonly options: Readonly<Record<string, unknown>>;
  /** The activation that the output comes from. */
  readonly activation: ActivationName;
}

/** The equations of the loss of one output; returns the target and the loss. */
export function defineLoss(
  layer: LayerBuilder,
  terms: OutputTerms,
): { readonly target: Tensor; readonly loss: Tensor } {
  const output = seenBy(terms.definition, layer.x);
  const shape = targetShape(output.shape, terms.definition.takesClasses);
  const target: Tensor = { name: 't', shape, role: 'target' };
  const value = lossValue(layer, output, terms, (at) => read(target, at));
  return { target, loss: layer.define('L', [1], [index('o', 1)], value, 'loss') };
}

/** The weighted sum of the losses of the layer's inputs, whose targets stand one after the other in one. */
export function defineLosses(
  layer: LayerBuilder,
  parts: readonly (OutputTerms & { readonly weight: number })[],
): { readonly target: Tensor; readonly loss: Tensor } {
  let length = 0;
  const placed = pairsOf(parts, layer.inputs).map(([part, input]) => {
    const output = seenBy(part.definition, input);
    const shape = targetShape(output.shape, part.definition.takesClasses);
    const before = length;
    length += elementsOf(shape);
    return { part, output, shape, before };
  });
  const target: Tensor = { name: 't', shape: [length], role: 'target' };
  const values = placed.map(({ part, output, shape, before }) => {
    const value = lossValue(layer, output, part, (at) => read(target, [plus(rowMajor(at, shape), before)]));
    return multiply(number(part.weight), value);
  });
  return { target, loss: layer.define('L', [1], [index('o', 1)], add(...values), 'loss') };
}

/** The output as a loss indexes it: in its own shape where classes stand along it, else in that of the layer which computes it. */
function seenBy({ hasClasses }: LossDefinition, output: Tensor): Tensor {
  return hasClasses ? output : storageOf(output);
}

function lossValue(
  layer: LayerBuilder,
  output: Tensor,
  { definition: { takesClasses, of }, options, activation }: OutputTerms,
  target: (at: At) => Expression,
): Expression {
  const classes = lastOf(output.shape);
  let [logs, logY]: (((at: At) => Expression) | undefined)[] = [];
  const terms: LossTerms = {
    y: (at) => read(output, at),
    t: (at) => (takesClasses ? isClass(target, at) : target(at)),
    logY: (at) => {
      logY ??= logOf(layer, output);
      return logY(at);
    },
    logOneMinusY: (at) => layer.logOneMinus(output, at),
    logSoftmaxY: (at) => {
      logs ??= logSoftmaxOf(layer, output);
      return logs(at);
    },
    total: (term, weights) => totalOf(layer, output.shape, term, weights),
    ...termsAlong(layer, output.shape),
    perCount(total, count) {
      const n = layer.define('n', [1], [constant(0)], count, 'scale');
      return where(compare(read(n, [constant(0)]), '>', zero), divide(total, read(n, [constant(0)])), zero);
    },
    activation,
    size: sizeOf(output),
    classes,
    places: sizeOf(output) / classes,
  };
  return of(terms, options);
}

type Along = Pick<LossTerms, 'totalOfPlaces' | 'sumAlong' | 'maxAlong' | 'named'>;

/** What a loss computes for each place, or names for each element, before its sum. */
function termsAlong(layer: LayerBuilder, shape: Shape): Along {
  const outer = shape.slice(0, -1);
  const placeOf = (at: At): At => (outer.length === 0 ? [constant(0)] : at.slice(0, outer.length));
  const define = (letter: string, of: Shape, at: At, value: Expression): Tensor => {
    const isHeld = !readsOf(value).some(({ tensor }) => isDifferentiable(tensor));
    return layer.define(letter, of, at, value, isHeld ? 'scale' : 'value');
  };
  const along =
    (reduce: typeof sum | typeof max): Along['sumAlong'] =>
    (letter, term) => {
      const [own, classes] = [layer.indices(shape).slice(0, -1), index('c', lastOf(shape))];
      const value = reduce([classes], term([...own, classes]));
      const found = define(letter, outer.length === 0 ? [1] : outer, placeOf(own), value);
      return (at) => read(found, placeOf(at));
    };
  return {
    sumAlong: along(sum),
    maxAlong: along(max),
    named(letter, term) {
      const at = layer.indices(shape);
      const found = define(letter, shape, at, term(at));
      return (place) => read(found, place);
    },
    totalOfPlaces(term) {
      const at = layer.indices(shape).slice(0, -1);
      return sum(at, term(at));
    },
  };
}

/**
 * log y by the definition of y. That is in the shape of the layer which computes y: where the output shows it in another,
 * the logarithms are a tensor that is shown in that shape too.
 */
function logOf(layer: LayerBuilder, output: Tensor): (at: At) => Expression {
  const stored = storageOf(output);
  if (stored.shape.join() === output.shape.join()) return (at) => layer.log(stored, at);
  const places = layer.indices(stored.shape);
  const logs = view(layer.define('p', stored.shape, places, layer.log(stored, places)), output.shape);
  return (at) => read(logs, at);
}

/** A target has the output's shape, or one class number for each of its places. */
export function targetShape(output: Shape, takesClasses: true | undefined): Shape {
  if (!takesClasses) return output;
  return output.length === 1 ? [1] : output.slice(0, -1);
}

/** [t = c]: 1 where the class number at the place is that of the element. */
function isClass(target: (at: At) => Expression, at: At): Expression {
  const place = at.length === 1 ? [constant(0)] : at.slice(0, -1);
  return where(compare(target(place), '=', ordinal(lastOf(at))), one, zero);
}

/** Σ over all elements; where they have weights, w·Σ for each run of neighbours of one weight w. */
function totalOf(layer: LayerBuilder, shape: Shape, term: (at: At) => Expression, weights?: Weights): Expression {
  const at = layer.indices(shape);
  if (weights === undefined) return sum(at, term(at));
  const length = lastOf(shape);
  if (weights.of === 'classes') return alongRuns(layer.indices(shape).slice(0, -1), weights.values, term);
  const rows = Array.from({ length: weights.values.length / length }, (_, row) =>
    alongRuns(
      coordinatesOf(shape.slice(0, -1), row).map(constant),
      weights.values.slice(row * length, (row + 1) * length),
      term,
    ),
  );
  return add(...rows);
}

function alongRuns(places: readonly Affine[], weights: readonly number[], term: (at: At) => Expression): Expression {
  const runs: { readonly weight: number; readonly start: number; end: number }[] = [];
  for (const [position, weight] of weights.entries()) {
    const run = runs.at(-1);
    if (run?.weight === weight) run.end = position + 1;
    else runs.push({ weight, start: position, end: position + 1 });
  }
  const sums = runs.map(({ weight, start, end }) => {
    const c = index('o', end - start);
    // Every sum has indices of its own.
    const own = places.map(renewed);
    return multiply(number(weight), sum([...own, c], term([...own, plus(c, start)])));
  });
  return add(...sums);
}

/** A plain coordinate with an index of its own; a constant as it is. */
function renewed(place: Affine): Affine {
  const [one] = indicesOf([place]);
  return one === undefined ? place : index(one.name, one.size);
}
