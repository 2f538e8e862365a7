import { formatProblem, type Problem } from '../spec/problem.ts';

/** A problem with the file that it stands in. */
export interface FileProblem extends Problem {
  readonly file: string;
}

/** A problem as `--json` prints it. */
export interface JsonProblem {
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
  readonly path: string;
  readonly found: string;
  readonly expected: string;
}

export function toJsonProblem({ file, place, path, found, expected }: FileProblem): JsonProblem {
  return { file, ...place, path, found, expected };
}

/** Prints problems for a reader, a line each, or as one JSON object for a machine; of a spec that is read twice, once. */
export function printProblems(all: readonly FileProblem[], asJson: boolean): void {
  const problems = [...new Map(all.map((problem) => [formatProblem(problem, problem.file), problem]))];
  if (asJson) console.log(JSON.stringify({ problems: problems.map(([, problem]) => toJsonProblem(problem)) }, null, 2));
  else for (const [line] of problems) console.error(line);
}
