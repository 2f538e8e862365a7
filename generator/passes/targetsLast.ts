import { indicesOf, plainIndex } from '../equations/affine.ts';
import { type Equation, equation, everywhere, withEquations } from '../equations/equation.ts';
import { type Read, read } from '../equations/expression.ts';
import type { Names } from '../equations/names.ts';
import { mapReads } from '../equations/rewrite.ts';
import { sizeOf, storageOf, type Tensor } from '../equations/tensor.ts';
import { sumIn } from '../schedule/loops/contraction.ts';
import type { Note, Pass } from './pass.ts';

/**
 * Four neighbours of a sum are computed at once where its factors have them side by side too.
 *
 * @param uses how often each number of a kernel must be used for its copy to pay
 */
export function targetsLast(uses: number): Pass<'program'> {
  return {
    name: 'targetsLast',
    does: 'a kernel in which neighbours of the target are no neighbours is copied so that they are',
    gives: 'program',
    rewrite: 'dx[h,c] = Σ_{p,o} dz[h−p,o]·W[p,c,o]   →   Wˡ[p,o,c] = W[p,c,o]; dx[h,c] = Σ_{p,o} dz[h−p,o]·Wˡ[p,o,c]',
    run(program, note) {
      const { forward, backward } = program;
      const names = program.names.copy();
      return withEquations({ ...program, names }, turnedLast([...forward, ...backward], uses, names, note));
    },
  };
}

function turnedLast(equations: readonly Equation[], uses: number, names: Names, note: Note): readonly Equation[] {
  const turned = new Map<string, Tensor>();
  return equations.flatMap((one) => {
    const last = one.at.at(-1);
    const lane = last === undefined ? undefined : plainIndex(last);
    const sum = sumIn(one.value);
    if (lane === undefined || sum?.body.kind !== 'times') return [one];
    const copies: Equation[] = [];
    const products = [...one.over, ...sum.over].reduce((product, { size }) => product * size, 1);
    const value = mapReads(one.value, (r) => {
      const axis = r.at.findIndex((coordinate) => plainIndex(coordinate) === lane);
      if (!canTurn(r, axis)) return r;
      if (products < uses * sizeOf(r.tensor)) {
        note(
          `${one.target.name}: each number of ${r.tensor.name} is used ${products / sizeOf(r.tensor)} times, a copy pays from ${uses}`,
        );
        return r;
      }
      const key = `${r.tensor.name} ${axis}`;
      const known = turned.get(key);
      const copy = known ?? {
        name: names.fresh(`${r.tensor.name}ˡ`),
        shape: movedLast(r.tensor.shape, axis),
        role: 'value' as const,
      };
      if (known === undefined) {
        const at = everywhere(r.tensor);
        copies.push({ ...equation(copy, movedLast(at, axis), read(r.tensor, at), one), over: indicesOf(at) });
      }
      turned.set(key, copy);
      return read(copy, movedLast(r.at, axis));
    });
    return [...copies, { ...one, value }];
  });
}

/** Whether an axis of a kernel could come last, and does not yet. */
function canTurn({ tensor, at }: Read, axis: number): boolean {
  return tensor.role === 'parameter' && tensor === storageOf(tensor) && axis >= 0 && axis < at.length - 1;
}

function movedLast<T>(list: readonly T[], axis: number): T[] {
  return [...list.toSpliced(axis, 1), list[axis] as T];
}
