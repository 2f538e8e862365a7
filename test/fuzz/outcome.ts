import { type GenerateOptions, generate, SpecError } from '../../generator/index.ts';
import { formatProblem } from '../../generator/spec/problem.ts';
import { parseJson } from '../../generator/spec/read.ts';
import { withinLimit } from './limit.ts';

/** What became of a text: the module of its spec, or the lines that a user reads. */
export type Outcome =
  | { readonly kind: 'accepted'; readonly spec: unknown; readonly module: string }
  | { readonly kind: 'refused'; readonly messages: readonly string[] };

/** Milliseconds that a text of a few kilobytes may take; ten times what the slowest took. */
const timeLimit = 10_000;

/**
 * The way of a text through longhand, as the command line goes it: from JSON to a module.
 *
 * @throws what is no SpecError, and an error where it takes longer than the limit
 */
export function outcomeOf(text: string, options: GenerateOptions): Outcome {
  return withinLimit(timeLimit, () => {
    try {
      const read = parseJson(text.replace(/^\uFEFF/, ''));
      if (!read.ok) throw new SpecError(read.problems);
      const [file] = generate(read.spec, options);
      return { kind: 'accepted', spec: read.spec, module: file!.content };
    } catch (error) {
      if (!(error instanceof SpecError)) throw error;
      return { kind: 'refused', messages: error.problems.map((problem) => formatProblem(problem)) };
    }
  });
}
