import { index } from '../equations/affine.ts';
import {
  add,
  call,
  compare,
  divide,
  type Expression,
  multiply,
  negate,
  number,
  one,
  read,
  subtract,
  sum,
  where,
  zero,
} from '../equations/expression.ts';
import { sizeOf, storageOf, type Tensor } from '../equations/tensor.ts';
import type { LossName } from '../spec/network.ts';
import type { LayerBuilder } from './builder.ts';

interface Loss {
  /** The activation that the last layer must have, where the loss is defined on its values only. */
  readonly activation?: 'softmax' | 'sigmoid';
  /** L as a sum over the output's places. */
  of(terms: LossTerms): Expression;
}

interface LossTerms {
  readonly y: Expression;
  readonly t: Expression;
  readonly logY: () => Expression;
  readonly logOneMinusY: () => Expression;
  readonly total: (term: Expression) => Expression;
  readonly size: number;
}

/** Every loss, one formula each. */
export const losses: { readonly [K in LossName]: Loss } = {
  // ½Σ(y − t)², so that ∂L/∂y = y − t
  squaredError: { of: ({ y, t, total }) => multiply(number(0.5), total(call('square', subtract(y, t)))) },
  // Σ(y − t)²/n
  meanSquaredError: { of: ({ y, t, total, size }) => divide(total(call('square', subtract(y, t))), number(size)) },
  // −Σ t·log y, with 0·log 0 = 0
  categoricalCrossentropy: {
    activation: 'softmax',
    of: ({ t, logY, total }) => negate(total(weighted(t, zero, logY()))),
  },
  // Σ (−t·log y − (1 − t)·log(1 − y))/n, likewise
  binaryCrossentropy: {
    activation: 'sigmoid',
    of: ({ t, logY, logOneMinusY, total, size }) =>
      divide(total(add(weighted(t, zero, negate(logY())), weighted(one, t, negate(logOneMinusY())))), number(size)),
  },
};

/** (a − b)·value, and 0 where a = b, whatever the value: 0·log 0 = 0. */
function weighted(a: Expression, b: Expression, value: Expression): Expression {
  return where(compare(a, '≠', b), multiply(subtract(a, b), value), zero);
}

/** The equation of the loss; returns the target and the loss. */
export function defineLoss(layer: LayerBuilder, name: LossName): { readonly target: Tensor; readonly loss: Tensor } {
  const output = storageOf(layer.x);
  const target: Tensor = { name: 't', shape: output.shape, role: 'target' };
  const at = layer.indices(output.shape);
  const value = losses[name].of({
    y: read(output, at),
    t: read(target, at),
    logY: () => layer.log(output, at),
    logOneMinusY: () => layer.logOneMinus(output, at),
    total: (term) => sum(at, term),
    size: sizeOf(output),
  });
  const loss = layer.define('L', [1], [index('o', 1)], value, 'loss');
  return { target, loss };
}
