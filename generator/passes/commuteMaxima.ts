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
      const window = windowOf(pool);
      const source = window && forward.find(({ target }) => target === window.body.tensor);
      if (window === undefined || source === undefined || !isRelu(source)) return [pool];
      const { at } = window.body;
      const isShared = isSeen(source.target, program) || readers.get(source.target) !== 1;
      if (isShared || bindIndices(source, at) === undefined) {
        note(
          `${pool.target.name}: ${source.target.name} is ${isShared ? 'read elsewhere' : 'not read place by place'}`,
        );
        return [pool];
      }
      dropped.add(source);
      const u: Tensor = { ...pool.target, name: names.fresh(withLetter('u', pool.target.name)) };
      const body = read(source.value.argument.tensor, at);
      return [
        { ...pool, target: u, value: { ...window, body } },
        { ...pool, value: call('relu', read(u, pool.at)) },
      ];
    });
    return { ...program, names, forward: rewritten.filter((kept) => !dropped.has(kept)) };
  },
};

/** A pool's windows, if they are taken of a tensor as it is. */
function windowOf({ value, target }: Equation): (Max & { readonly body: Read }) | undefined {
  const isPool = value.kind === 'max' && value.body.kind === 'read' && target.role === 'value';
  return isPool ? { ...value, body: value.body } : undefined;
}

type Relu = Extract<Expression, { kind: 'call' }> & { readonly argument: Read };

function isRelu(one: Equation): one is Equation & { readonly value: Relu } {
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
