import { winnersIn } from '../equations/affine.ts';
import type { Equation } from '../equations/equation.ts';
import { storageOf, type Tensor } from '../equations/tensor.ts';
import { readsOf } from '../equations/visit.ts';
import { groupBy } from '../schedule/groupBy.ts';
import type { Draft, Part } from '../schedule/loops/draft.ts';
import type { Pass } from './pass.ts';

/** A batch does once what does not depend on its samples: copies of kernels before, sums over all samples after. */
export const splitBatch: Pass<'parts'> = {
  name: 'splitBatch',
  does: 'backward in three parts: what a batch does once before, for each sample, once after',
  gives: 'parts',
  rewrite: 'Wᵀ = W; dWᵀ += …; dW += dWᵀ   →   once: Wᵀ = W; each: dWᵀ += …; once: dW += dWᵀ',
  run(draft) {
    const backward = draft.parts.find(({ pass }) => pass === 'backward')?.equations ?? [];
    const prepare = fixedIn(backward, draft);
    const { finish, sums } = totalsIn(backward, draft);
    const apart = new Set([...prepare, ...finish]);
    const sample = backward.filter((one) => !apart.has(one));
    const others = draft.parts.filter(({ pass }) => pass !== 'backward');
    return {
      ...draft,
      sums,
      parts: [
        ...others,
        { pass: 'backward', equations: sample },
        { pass: 'prepare', equations: prepare },
        ...backward
          .filter((one) => draft.modes.isCleared(one) && sums.has(storageOf(one.target)))
          .map((one): Part => ({ pass: 'clear', equations: [one] })),
        { pass: 'finish', equations: finish },
      ],
    };
  },
};

/** What depends on parameters only. */
function fixedIn(backward: readonly Equation[], { seen }: Draft<Part>): readonly Equation[] {
  const writers = groupBy(backward, ({ target }) => storageOf(target));
  const fixed = new Set<Tensor>();
  return backward.filter(({ target, at, value }) => {
    const reads = readsOf(value);
    const isFixed =
      reads.length > 0 &&
      reads.every(({ tensor }) => tensor.role === 'parameter' || fixed.has(tensor)) &&
      writers.get(storageOf(target))?.length === 1 &&
      target.role === 'value' &&
      at.every((coordinate) => winnersIn(coordinate).length === 0) &&
      !seen.has(storageOf(target));
    if (isFixed) fixed.add(target);
    return isFixed;
  });
}

/** Additions of sums that have been added up over all samples: dW += dWᵀ. */
function totalsIn(backward: readonly Equation[], { program, modes, seen }: Draft<Part>) {
  const gradients = new Set(program.gradients.values());
  const isAssigned = (one: Equation): boolean => modes.modeOf(one) === 'assign';
  const writers = groupBy(backward, ({ target }) => storageOf(target));
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
      !seen.has(storageOf(tensor)) &&
      (writers.get(tensor) ?? []).some((writer) => !isAssigned(writer)) &&
      !(writers.get(tensor) ?? []).some(isAssigned);
    if (isSummed) sums.add(tensor);
    return sums.has(tensor);
  });
  return { finish, sums };
}
