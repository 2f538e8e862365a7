import type { Equation } from './equation.ts';
import { call, read, readsOf } from './expression.ts';
import { type Names, namesBeside, withLetter } from './names.ts';
import { bindIndices } from './recall.ts';
import { storageOf, type Tensor } from './tensor.ts';

/**
 * max relu(z) = relu(max z), since relu never falls: one relu for each window instead of one for each place, and the
 * places need not be kept. Gradients agree: where the maximum is positive both have the same winners, elsewhere
 * both are zero.
 *
 *   a[i,j,c] = relu z[i,j,c]; y[i,j,c] = max a[2i+p,2j+q,c]   →   u[i,j,c] = max z[2i+p,2j+q,c]; y[i,j,c] = relu u[i,j,c]
 */
export function commuteMaxima(
  forward: readonly Equation[],
  output: Tensor,
  names: Names = namesBeside(forward),
): readonly Equation[] {
  const readers = countReaders(forward);
  const dropped = new Set<Equation>();
  const rewritten = forward.flatMap((pool): Equation[] => {
    const { value } = pool;
    if (value.kind !== 'max' || value.body.kind !== 'read' || pool.target.role !== 'value') return [pool];
    const inner = value.body;
    const source = forward.find(({ target }) => target === inner.tensor);
    if (source?.value.kind !== 'call' || source.value.name !== 'relu' || source.value.argument.kind !== 'read')
      return [pool];
    const isShared = source.target === output || readers.get(source.target) !== 1;
    const binding = isShared ? undefined : bindIndices(source, inner.at);
    if (binding === undefined) return [pool];
    dropped.add(source);
    const u: Tensor = { ...pool.target, name: names.fresh(withLetter('u', pool.target.name)) };
    const body = read(source.value.argument.tensor, inner.at);
    return [
      { ...pool, target: u, value: { ...value, body } },
      { ...pool, value: call('relu', read(u, pool.at)) },
    ];
  });
  return rewritten.filter((kept) => !dropped.has(kept));
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
