/** One thing wrong with a spec: where it stands, what was found there, and what would be right. */
export interface Problem {
  /** Place in the user's file, e.g. `layers[2].kernelSize`; empty for the spec as a whole. */
  readonly path: string;
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
 * where it is known.
 */
export function formatProblem({ path, found, expected }: Problem, file?: string): string {
  const place = file === undefined ? path || 'spec' : [file, path].filter((part) => part !== '').join(': ');
  return `${place}: ${found}; ${expected}`;
}
