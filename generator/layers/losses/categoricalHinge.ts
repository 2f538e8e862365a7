import { z } from 'zod';
import { add, call, multiply, one, subtract } from '../../equations/expression.ts';
import { defineLossKind } from './loss.ts';
import { ofPlaces, placeOptions } from './places.ts';

/** Σ max(1 + n − p, 0) over the places, with p = Σ t·y and n = max (1 − t)·y along the classes (Keras). */
export const categoricalHinge = defineLossKind({
  options: z.strictObject({ ...placeOptions }),
  hasClasses: true,
  of(terms, o) {
    const p = terms.sumAlong('p', (at) => multiply(terms.t(at), terms.y(at)));
    const n = terms.maxAlong('n', (at) => multiply(subtract(one, terms.t(at)), terms.y(at)));
    const total = terms.totalOfPlaces((at) => call('relu', add(one, subtract(n(at), p(at)))));
    return ofPlaces(terms, o, total);
  },
});
