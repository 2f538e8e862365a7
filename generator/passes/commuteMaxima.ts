import type { Equation, Program } from '../equations/equation.ts';
import { call, type Expression, type Max, type Read, read } from '../equations/expression.ts';
import { withLetter } from '../equations/names.ts';
import { bindIndices } from '../equations/recall.ts';
import { storageOf, type Tensor } from '../equations/tensor.ts';
import { readsOf } from '../equations/visit.ts';
import type { Pass } from './pass.ts';

/**
 * max relu(z) = relu(max z), since relu never falls: one relu for each window instead of one for each place, and the
 * places need not be kept. Gradients agree: where the maximum is positive both have the same winners, elsewhere
 * both are zero.
 */
export const commuteMaxima: Pass<'program'> = {
  name: 'commuteMaxima',
  does: 'a maximum and a relu change places: one relu for each window',
  gives: 'program',
  rewrite: 'a[i,c] = relu(z[i,c]); y[i,c] = max_p a[2i+p,c]   →   u[i,c] = max_p z[2i+p,c]; y[i,c] = relu(u[i,c])',
  run(program, note) {
    const { forward } = program;
    const names = program.names.copy();
    const readers = countReaders(forward);
    const dropped = new Set<Equation>();
    const rewritten = forward.flatMap((pool): Equation[] => {
      const inner = windowOf(pool);
      const source = inner && forward.find(({ target }) => target === inner.tensor);
      if (inner === undefined || source === undefined || !isRelu(source)) return [pool];
      const isShared = isSeen(source.target, program) || readers.get(source.target) !== 1;
      if (isShared || bindIndices(source, inner.at) === undefined) {
        note(
          `${pool.target.name}: ${source.target.name} is ${isShared ? 'read elsewhere' : 'not read place by place'}`,
        );
        return [pool];
      }
      dropped.add(source);
      const u: Tensor = { ...pool.target, name: names.fresh(withLetter('u', pool.target.name)) };
      const body = read((source.value.argument as Read).tensor, inner.at);
      return [
        { ...pool, target: u, value: { ...(pool.value as Max), body } },
        { ...pool, value: call('relu', read(u, pool.at)) },
      ];
    });
    return { ...program, names, forward: rewritten.filter((kept) => !dropped.has(kept)) };
  },
};

/** What a pool's windows are taken of. */
function windowOf({ value, target }: Equation): Read | undefined {
  return value.kind === 'max' && value.body.kind === 'read' && target.role === 'value' ? value.body : undefined;
}

function isRelu(one: Equation): one is Equation & { readonly value: Extract<Expression, { kind: 'call' }> } {
  return one.value.kind === 'call' && one.value.name === 'relu' && one.value.argument.kind === 'read';
}

/** Whether a caller gets to see a tensor as it is. */
function isSeen(tensor: Tensor, { output }: Program): boolean {
  return tensor === output;
}

function countReaders(forward: readonly Equation[]): ReadonlyMap<Tensor, number> {
  const readers = new Map<Tensor, number>();
  for (const { value } of forward) {
    for (const tensor of new Set(readsOf(value).map(({ tensor }) => storageOf(tensor)))) {
      readers.set(tensor, (readers.get(tensor) ?? 0) + 1);
    }
  }
  return readers;
}
