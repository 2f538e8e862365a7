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
  does: 'what a batch does once before forward, and before and after backward, is a part of its own',
  gives: 'parts',
  rewrite: 'Wᵀ = W; dWᵀ += …; dW += dWᵀ   →   once: Wᵀ = W; each: dWᵀ += …; once: dW += dWᵀ',
  run(draft) {
    return { ...draft, parts: draft.parts.flatMap((part) => splitPart(part, draft)), sums: totalsIn(draft).sums };
  },
};

function splitPart(part: Part, draft: Draft<Part>): readonly Part[] {
  const { pass, equations } = part;
  if (pass !== 'forward' && pass !== 'backward') return [part];
  const prepare = fixedIn(equations, draft);
  if (pass === 'forward') {
    const sample = equations.filter((one) => !prepare.includes(one));
    return [
      { pass: 'prepareForward', equations: prepare },
      { pass, equations: sample },
    ];
  }
  const { finish, sums } = totalsIn(draft);
  const apart = new Set([...prepare, ...finish]);
  return [
    { pass, equations: equations.filter((one) => !apart.has(one)) },
    { pass: 'prepare', equations: prepare },
    ...equations
      .filter((one) => draft.modes.isCleared(one) && sums.has(storageOf(one.target)))
      .map((one): Part => ({ pass: 'clear', equations: [one] })),
    { pass: 'finish', equations: finish },
  ];
}

/** What depends on parameters only. */
function fixedIn(equations: readonly Equation[], { seen }: Draft<Part>): readonly Equation[] {
  const writers = groupBy(equations, ({ target }) => storageOf(target));
  const fixed = new Set<Tensor>();
  return equations.filter(({ target, at, value }) => {
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
function totalsIn({ program, modes, seen, parts }: Draft<Part>) {
  const backward = parts.find(({ pass }) => pass === 'backward')?.equations ?? [];
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
