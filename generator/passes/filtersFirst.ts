import { type Index, indicesOf, plainIndex } from '../equations/affine.ts';
import { type Equation, equation, everywhere, type Home, withEquations } from '../equations/equation.ts';
import { type Read, read } from '../equations/expression.ts';
import type { Names } from '../equations/names.ts';
import { mapReads } from '../equations/rewrite.ts';
import { storageOf, type Tensor } from '../equations/tensor.ts';
import { forEachRead } from '../equations/visit.ts';
import { isAlongWinners } from '../equations/winners.ts';
import type { Note, Pass } from './pass.ts';

/** Whether a copy pays for a kernel of this shape, [p,q,c,o]. */
export type PaysTurned = (shape: readonly number[]) => boolean;

/**
 * Behind a max pool each winner touches one filter of a kernel: W[p,q,c,o] for one o. Its numbers lie far apart, so the
 * sums along winners read a copy, and add to another, in which the filter comes first.
 */
export function filtersFirst(pays: PaysTurned): Pass<'program'> {
  return {
    name: 'filtersFirst',
    does: 'a kernel that sums along winners read is copied so that a filter lies together',
    gives: 'program',
    rewrite: 'dx[2i+k+p,c] += du[i,o]·W[p,c,o]   →   Wᵀ[o,p,c] = W[p,c,o]; dx[2i+k+p,c] += du[i,o]·Wᵀ[o,p,c]',
    run(program, note) {
      const { forward, backward, gradients } = program;
      const names = program.names.copy();
      const turn = new Turning(new Set(gradients.values()), pays, names, note);
      return withEquations({ ...program, names }, turn.all([...forward, ...backward]));
    },
  };
}

/** Copies come before a run of such sums, what they add up after it, so that the sums stay neighbours. */
interface Run {
  readonly copies: Equation[];
  readonly sums: Equation[];
  readonly additions: Equation[];
}

class Turning {
  readonly #gradients: ReadonlySet<Tensor>;
  readonly #pays: PaysTurned;
  readonly #names: Names;
  readonly #note: Note;
  readonly #turned = new Map<Tensor, Tensor>();

  /** @param gradients the gradients of parameters, which are added to at the end */
  constructor(gradients: ReadonlySet<Tensor>, pays: PaysTurned, names: Names, note: Note) {
    this.#gradients = gradients;
    this.#pays = pays;
    this.#names = names;
    this.#note = note;
  }

  all(equations: readonly Equation[]): readonly Equation[] {
    const result: Equation[] = [];
    let run: Run = { copies: [], sums: [], additions: [] };
    const endRun = (): void => {
      result.push(...run.copies, ...run.sums, ...run.additions);
      run = { copies: [], sums: [], additions: [] };
    };
    for (const one of equations) {
      const channel = isAlongWinners(one) ? channelOf(one) : undefined;
      if (channel === undefined) {
        endRun();
        result.push(one);
      } else this.#turn(one, channel, run);
    }
    endRun();
    return result;
  }

  #turn(one: Equation, channel: Index, run: Run): void {
    const value = mapReads(one.value, (r) => {
      const axis = r.tensor.role === 'parameter' ? this.#axis(r, channel) : -1;
      if (axis <= 0) return r;
      const known = this.#turned.get(r.tensor);
      const copy = known ?? turnedTensor(r.tensor, axis, 'value', this.#names);
      if (known === undefined) run.copies.push(copyTurned(r.tensor, copy, axis, one));
      this.#turned.set(r.tensor, copy);
      return read(copy, moved(r.at, axis));
    });
    const axis = this.#gradients.has(one.target) ? this.#axis({ tensor: one.target, at: one.at }, channel) : -1;
    if (axis <= 0) {
      run.sums.push({ ...one, value });
      return;
    }
    const sum = turnedTensor(one.target, axis, 'gradient', this.#names);
    run.sums.push({ ...one, target: sum, at: moved(one.at, axis), value });
    run.additions.push(addTurned(one.target, sum, axis, one));
  }

  /** The axis that would come first; −1 where a copy does not pay. */
  #axis({ tensor, at }: Pick<Read, 'tensor' | 'at'>, channel: Index): number {
    const axis = at.findIndex((coordinate) => plainIndex(coordinate) === channel);
    if (tensor !== storageOf(tensor)) return -1;
    if (this.#pays(tensor.shape)) return axis;
    if (axis > 0) this.#note(`${tensor.name}: ${tensor.shape.join('×')} is too small for a copy to pay`);
    return -1;
  }
}

/** The channel of the windows that an equation goes through. */
function channelOf({ value }: Equation): Index | undefined {
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

function copyTurned(tensor: Tensor, copy: Tensor, axis: number, home: Home): Equation {
  const at = everywhere(tensor);
  const one = equation(copy, moved(at, axis), read(tensor, at), home);
  return { ...one, over: indicesOf(at) };
}

function addTurned(tensor: Tensor, sum: Tensor, axis: number, home: Home): Equation {
  const at = everywhere(tensor);
  return equation(tensor, at, read(sum, moved(at, axis)), home);
}
