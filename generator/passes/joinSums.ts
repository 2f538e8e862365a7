import { plain } from '../equations/affine.ts';
import { type Equation, isPlain } from '../equations/equation.ts';
import { add } from '../equations/expression.ts';
import { substitute } from '../equations/substitute.ts';
import { pairsOf } from '../lists.ts';
import type { Pass } from './pass.ts';

/** What is added to one tensor becomes one sum, at the place of the last, where all cover it plainly. */
export const joinSums: Pass<'program'> = {
  name: 'joinSums',
  does: 'what is added to one tensor by several equations is one sum',
  gives: 'program',
  rewrite: 'ds[i] = a[i]; ds[j] += b[j]   →   ds[i] = a[i] + b[i]',
  run: (program) => ({ ...program, forward: joined(program.forward), backward: joined(program.backward) }),
};

/** The same of equations that need not be a whole program. */
export function joined(equations: readonly Equation[]): readonly Equation[] {
  const result: Equation[] = [];
  for (const later of equations) {
    const twin = result.findIndex((earlier) => earlier.target === later.target && isPlain(earlier) && isPlain(later));
    const earlier = result[twin];
    if (earlier === undefined) {
      result.push(later);
      continue;
    }
    const by = new Map(pairsOf(earlier.over, later.over).map(([one, other]) => [one, plain(other)]));
    result.splice(twin, 1);
    const because = [...(earlier.because ?? []), ...(later.because ?? [])];
    const value = add(substitute(earlier.value, by), later.value);
    result.push({ ...later, value, ...(because.length > 0 && { because }) });
  }
  return result;
}
