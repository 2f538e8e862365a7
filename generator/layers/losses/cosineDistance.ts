import { z } from 'zod';
import { multiply, number, subtract } from '../../equations/expression.ts';
import { elementsOf } from '../../shape.ts';
import { Misfit } from '../layer.ts';
import { weights } from './elementwise.ts';
import { defineLossKind } from './loss.ts';
import { ofPlaces, placeOptions } from './places.ts';

/** 1 − Σ t·y along the last axis, of vectors that have the length 1 already (TensorFlow, `losses.cosine_distance`). */
export const cosineDistance = defineLossKind({
  options: z.strictObject({
    ...placeOptions,
    weights: weights.describe('A factor for each place; the mean divides by the number of places.').optional(),
  }),
  hasClasses: true,
  misfit(output, o) {
    const places = elementsOf(output.slice(0, -1));
    if (o.weights === undefined || o.weights.length === places) return undefined;
    return new Misfit('weights', `found ${o.weights.length} numbers`, `expected one for each of ${places} places`);
  },
  of(terms, o) {
    const factors = o.weights ?? new Array<number>(terms.places).fill(1);
    const whole = factors.reduce((sum, factor) => sum + factor, 0);
    const values = factors.flatMap((factor) => new Array<number>(terms.classes).fill(factor));
    const along = terms.total((at) => multiply(terms.t(at), terms.y(at)), o.weights && { of: 'elements', values });
    return ofPlaces(terms, o, subtract(number(whole), along));
  },
});
