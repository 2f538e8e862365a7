import type { Equation } from './equation.ts';
import { Names } from './names.ts';
import { readsOf } from './visit.ts';

/** Names beside those in some equations. */
export function namesBeside(equations: readonly Equation[]): Names {
  return new Names(namesIn(equations));
}

/** The names of all tensors in some equations. */
export function namesIn(equations: readonly Equation[]): readonly string[] {
  return equations.flatMap(({ target, value }) => [target.name, ...readsOf(value).map(({ tensor }) => tensor.name)]);
}
