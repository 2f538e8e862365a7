import { winnersIn } from '../../equations/affine.ts';
import type { Equation } from '../../equations/equation.ts';
import { readsOf } from '../../equations/expression.ts';
import { storageOf, type Tensor } from '../../equations/tensor.ts';
import { groupBy } from '../groupBy.ts';

/** A backward pass in three parts, of which a batch runs the first and the last once. */
export interface BatchParts {
  /** What depends on parameters only: copies of kernels. */
  readonly prepare: readonly Equation[];
  /** What each sample does. */
  readonly sample: readonly Equation[];
  /** Additions of sums that have been added up over all samples: dW += dWᵀ. */
  readonly finish: readonly Equation[];
  /** These sums, which start at zero before the first sample. */
  readonly sums: ReadonlySet<Tensor>;
}

/**
 * @param gradients the gradients of parameters, which are added to
 * @param isPublic tensors that a caller sees after every sample
 * @param isAssigned whether an equation gives its target a value instead of adding to it
 */
export function splitBatch(
  backward: readonly Equation[],
  gradients: ReadonlySet<Tensor>,
  isPublic: (tensor: Tensor) => boolean,
  isAssigned: (equation: Equation) => boolean,
): BatchParts {
  const writers = groupBy(backward, ({ target }) => storageOf(target));
  const fixed = new Set<Tensor>();
  const prepare = backward.filter(({ target, at, value }) => {
    const reads = readsOf(value);
    const isFixed =
      reads.length > 0 &&
      reads.every(({ tensor }) => tensor.role === 'parameter' || fixed.has(tensor)) &&
      writers.get(storageOf(target))?.length === 1 &&
      target.role === 'value' &&
      at.every((coordinate) => winnersIn(coordinate).length === 0) &&
      !isPublic(storageOf(target));
    if (isFixed) fixed.add(target);
    return isFixed;
  });
  const readers = new Map<Tensor, Equation[]>();
  for (const one of backward) {
    for (const { tensor } of readsOf(one.value)) {
      readers.set(storageOf(tensor), [...(readers.get(storageOf(tensor)) ?? []), one]);
    }
  }
  const sums = new Set<Tensor>();
  const finish = backward.filter((one) => {
    const { target, value } = one;
    if (!gradients.has(target) || value.kind !== 'read' || value.tensor.role !== 'gradient') return false;
    const { tensor } = value;
    const isSummed =
      readers.get(storageOf(tensor))?.length === 1 &&
      !isPublic(storageOf(tensor)) &&
      (writers.get(tensor) ?? []).some((writer) => !isAssigned(writer)) &&
      !(writers.get(tensor) ?? []).some(isAssigned);
    if (isSummed) sums.add(tensor);
    return sums.has(tensor);
  });
  const apart = new Set([...prepare, ...finish]);
  return { prepare, sample: backward.filter((one) => !apart.has(one)), finish, sums };
}
