import { z } from 'zod';
import { call, divide, type Expression, multiply, negate } from '../../equations/expression.ts';
import { defineLossKind } from './loss.ts';
import { atLeast, ofPlaces, placeOptions, smallest } from './places.ts';

/**
 * −Σ t·y/(‖t‖·‖y‖) along the last axis: the cosine of the angle between output and target, 0 where one of them is 0
 * (Keras, `cosine_similarity`). ‖u‖ = √max(Σu², ε), as in TensorFlow.js.
 */
export const cosineProximity = defineLossKind({
  options: z.strictObject({ ...placeOptions }),
  hasClasses: true,
  of(terms, o) {
    const [yy, tt] = [
      terms.sumAlong('u', (at) => call('square', terms.y(at))),
      terms.sumAlong('v', (at) => call('square', terms.t(at))),
    ];
    const ty = terms.sumAlong('p', (at) => multiply(terms.t(at), terms.y(at)));
    const total = terms.totalOfPlaces((at) => {
      const norm = (squares: Expression): Expression => call('sqrt', atLeast(smallest, squares));
      return divide(ty(at), multiply(norm(tt(at)), norm(yy(at))));
    });
    return ofPlaces(terms, o, negate(total));
  },
});
