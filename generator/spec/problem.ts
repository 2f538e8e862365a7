import type { Place } from './places.ts';

/** One thing wrong with a spec: where it stands, what was found there, and what would be right. */
export interface Problem {
  /** Place in the user's file, e.g. `layers[2].kernelSize`; empty for the spec as a whole. */
  readonly path: string;
  /** The same as line and column, where it is known. */
  readonly place?: Place | undefined;
  /** What stands there, e.g. `found 0`. */
  readonly found: string;
  /** What would be right, e.g. `expected a positive integer`. */
  readonly expected: string;
}

/** Thrown by the public API for a spec that cannot be generated; carries every problem found, in file order. */
export class SpecError extends Error {
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(problems.map((problem) => formatProblem(problem)).join('\n'));
    this.name = 'SpecError';
    this.problems = problems;
  }
}

/**
 * One problem as one line of text: `layers[2].kernelSize: found 0; expected a positive integer`, with the file in front
 * where it is known, and line and column behind it, as terminals and editors link them: `a.net.json:4:7: …`.
 */
export function formatProblem({ path, place, found, expected }: Problem, file?: string): string {
  const where = place === undefined ? '' : `${place.line}:${place.column}`;
  if (file === undefined) return `${path || where || 'spec'}: ${found}; ${expected}`;
  const parts = [where === '' ? file : `${file}:${where}`, path].filter((part) => part !== '');
  return `${parts.join(': ')}: ${found}; ${expected}`;
}
