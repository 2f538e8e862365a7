import { z } from 'zod';
import { call, divide, zero } from '../../equations/expression.ts';
import { weighted } from './elementwise.ts';
import { defineLossKind } from './loss.ts';
import { between, ofPlaces, placeOptions, smallest } from './places.ts';

/** Σ t·log(t/y) along the last axis, both kept between ε and 1 inside the logarithm (Keras). */
export const kullbackLeiblerDivergence = defineLossKind({
  options: z.strictObject({ ...placeOptions }),
  hasClasses: true,
  of(terms, o) {
    const total = terms.total((at) => {
      const ratio = divide(between(smallest, 1, terms.t(at)), between(smallest, 1, terms.y(at)));
      return weighted(terms.t(at), zero, call('log', ratio));
    });
    return ofPlaces(terms, o, total);
  },
});
