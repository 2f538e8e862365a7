import { dumpState } from '../../generator/emit/dumpState.ts';
import type { AnyPass, Passes, State } from '../../generator/passes/pass.ts';
import { type BuiltForm, type GenerateOptions, stages } from '../../generator/pipeline.ts';

/** What one pass of a form makes of a network: the lines that it takes away and those that it gives, as dumps print them. */
export interface Around {
  readonly gone: readonly string[];
  readonly come: readonly string[];
  /** Everything after it. */
  readonly all: readonly string[];
  /** Why a rewrite does not apply. */
  readonly refused: readonly string[];
}

/** What stops the passes behind the one that is looked at. */
const enough = new Error('enough');

/** Runs a form's passes on a spec, or a list of passes for equations, up to the one of this name. */
export function aroundPass(
  name: string,
  form: BuiltForm | Passes<'source', 'program'>,
  spec: object,
  options: GenerateOptions = {},
): Around {
  const network = stages.shape(stages.parse({ name: 'small', ...spec }));
  let before: State | undefined;
  let found: Around | undefined;
  const refused: string[] = [];
  const after = (pass: AnyPass, state: State): void => {
    if (pass.name === name) {
      found = between(before, state, (one) => linesOf(dumpState(network, one)), refused);
      throw enough;
    }
    before = state;
  };
  const refuse = (pass: AnyPass, refusal: string): void => {
    if (pass.name === name) refused.push(refusal);
  };
  const watch = { after, refused: refuse };
  try {
    if (typeof form === 'string') {
      const asked = { maxTerms: 1e6, ...options, form };
      stages.plan(stages.equations(network, asked, watch), asked, watch);
    } else form.run({ network, asked: options, form: 'unrolled' }, watch);
  } catch (error) {
    if (error !== enough) throw error;
  }
  if (found === undefined) throw new Error(`${name} does not run`);
  return found;
}

function between(
  before: State | undefined,
  after: State,
  print: (state: State) => readonly string[],
  refused: readonly string[],
): Around {
  const all = print(after);
  const known = before === undefined ? [] : print(before);
  return {
    gone: known.filter((line) => !all.includes(line)),
    come: all.filter((line) => !known.includes(line)),
    all,
    refused,
  };
}

function linesOf(text: string): readonly string[] {
  return text.split('\n').flatMap((line) => (line.trim() === '' ? [] : [line.trim()]));
}
