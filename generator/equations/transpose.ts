import { index, indicesOf, plainIndex, winnersIn } from './affine.ts';
import { type Equation, equation, type Home } from './equation.ts';
import { forEachRead, mapReads, type Read, read } from './expression.ts';
import { type Names, namesBeside } from './names.ts';
import { sizeOf, storageOf, type Tensor } from './tensor.ts';

/**
 * Behind a max pool each winner touches one filter of a kernel: W[p,q,c,o] for one o. Its numbers lie far apart, so the
 * sums along winners read a copy, and add to another, in which the filter comes first: Wᵀ[o,p,q,c].
 *
 * @param gradients the gradients of parameters, which are added to at the end
 * @param pays whether it does for a kernel of this shape, [p,q,c,o]
 */
export function filtersFirst(
  equations: readonly Equation[],
  gradients: ReadonlySet<Tensor>,
  pays: (shape: readonly number[]) => boolean,
  names: Names = namesBeside(equations),
): readonly Equation[] {
  const turned = new Map<Tensor, Tensor>();
  const result: Equation[] = [];
  // Copies come before a run of such sums, what they add up after it, so that the sums stay neighbours.
  let run: { copies: Equation[]; sums: Equation[]; additions: Equation[] } = { copies: [], sums: [], additions: [] };
  const endRun = (): void => {
    result.push(...run.copies, ...run.sums, ...run.additions);
    run = { copies: [], sums: [], additions: [] };
  };
  for (const one of equations) {
    const channel = isAlongWinners(one) ? channelOf(one) : undefined;
    if (channel === undefined) {
      endRun();
      result.push(one);
      continue;
    }
    const turn = ({ tensor, at }: Pick<Read, 'tensor' | 'at'>): number => {
      const axis = at.findIndex((coordinate) => plainIndex(coordinate) === channel);
      return tensor === storageOf(tensor) && pays(tensor.shape) ? axis : -1;
    };
    const value = mapReads(one.value, (r) => {
      const axis = r.tensor.role === 'parameter' ? turn(r) : -1;
      if (axis <= 0) return r;
      const known = turned.get(r.tensor);
      const copy = known ?? turnedTensor(r.tensor, axis, 'value', names);
      if (known === undefined) run.copies.push(copyTurned(r.tensor, copy, axis, one));
      turned.set(r.tensor, copy);
      return read(copy, moved(r.at, axis));
    });
    const axis = gradients.has(one.target) ? turn({ tensor: one.target, at: one.at }) : -1;
    if (axis <= 0) {
      run.sums.push({ ...one, value });
      continue;
    }
    const sum = turnedTensor(one.target, axis, 'gradient', names);
    run.sums.push({ ...one, target: sum, at: moved(one.at, axis), value });
    run.additions.push(addTurned(one.target, sum, axis, one));
  }
  endRun();
  return result;
}

/**
 * Four neighbours of a sum are computed at once where its factors have them side by side too: dx[h,w,c] = Σ dz·W[p,q,c,o]
 * reads a copy of the kernel in which the target's last index is the last, Wᵀ[p,q,o,c].
 *
 * @param uses how often each number of a kernel must be used for its copy to pay
 */
export function targetsLast(
  equations: readonly Equation[],
  uses: number,
  names: Names = namesBeside(equations),
): readonly Equation[] {
  const turned = new Map<string, Tensor>();
  return equations.flatMap((one) => {
    const last = one.at.at(-1);
    const lane = last === undefined ? undefined : plainIndex(last);
    if (lane === undefined || one.value.kind !== 'sum' || one.value.body.kind !== 'times') return [one];
    const copies: Equation[] = [];
    const products = [...one.over, ...one.value.over].reduce((product, { size }) => product * size, 1);
    const value = mapReads(one.value, (r) => {
      const axis = r.at.findIndex((coordinate) => plainIndex(coordinate) === lane);
      const pays = products >= uses * sizeOf(r.tensor);
      const isTurned = r.tensor.role === 'parameter' && axis >= 0 && axis < r.at.length - 1 && pays;
      if (!isTurned || r.tensor !== storageOf(r.tensor)) return r;
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

function movedLast<T>(list: readonly T[], axis: number): T[] {
  return [...list.toSpliced(axis, 1), list[axis] as T];
}

/** Whether a place in an equation is known only at run time. */
export function isAlongWinners({ at, value }: Equation): boolean {
  let isDynamic = at.some((coordinate) => winnersIn(coordinate).length > 0);
  forEachRead(value, false, (r) => {
    isDynamic ||= r.at.some((coordinate) => winnersIn(coordinate).length > 0);
  });
  return isDynamic;
}

/** The channel of the windows that an equation goes through. */
function channelOf({ value }: Equation) {
  let found: Read | undefined;
  forEachRead(value, false, (r) => {
    if (r.tensor.role === 'gradient' && r.at.length > 1) found = r;
  });
  const last = found?.at.at(-1);
  return last === undefined ? undefined : plainIndex(last);
}

function moved<T>(list: readonly T[], axis: number): T[] {
  return [list[axis] as T, ...list.toSpliced(axis, 1)];
}

function turnedTensor({ name, shape }: Tensor, axis: number, role: 'value' | 'gradient', names: Names): Tensor {
  return { name: names.fresh(`${name}ᵀ`), shape: moved(shape, axis), role };
}

const letters = ['p', 'q', 'c', 'o'];

function everywhere({ shape }: Tensor) {
  return shape.map((size, axis) => index(shape.length === 4 ? (letters[axis] as string) : `n${axis}`, size));
}

function copyTurned(tensor: Tensor, copy: Tensor, axis: number, home: Home): Equation {
  const at = everywhere(tensor);
  const one = equation(copy, moved(at, axis), read(tensor, at), home);
  return { ...one, over: indicesOf(at) };
}

function addTurned(tensor: Tensor, sum: Tensor, axis: number, home: Home): Equation {
  const at = everywhere(tensor);
  return equation(tensor, at, read(sum, moved(at, axis)), home);
}
