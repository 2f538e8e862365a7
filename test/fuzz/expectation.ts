import { type GenerateOptions, generate, type NetworkSpec } from '../../generator/index.ts';
import { faultOfModule, tokensOf } from './emitted.ts';
import { type Outcome, outcomeOf } from './outcome.ts';
import { withoutLayerNames, withPlainNames } from './plainNames.ts';
import { faultOf } from './wellFormed.ts';

/** Above this many characters the tokens of a module are not compared. */
const longestCompared = 60_000;

/**
 * Requires of longhand what holds for any text whatever: it is refused in well-formed lines, or its module is
 * TypeScript that runs and in which nothing but strings, comments and names of functions is the author's.
 *
 * @throws Error that says what does not hold
 */
export function expectSoundOutcome(text: string, options: GenerateOptions): Outcome {
  const outcome = outcomeOf(text, options);
  if (outcome.kind === 'refused') {
    if (outcome.messages.length === 0) throw new Error('refused without a message');
    for (const message of outcome.messages) expectNone(faultOf(message), message);
  } else {
    expectNone(faultOfModule(outcome.module), 'the module');
    if (outcome.module.length <= longestCompared)
      expectNoWordOfTheAuthor(outcome.spec as NetworkSpec, outcome.module, options);
  }
  const stray = Object.keys(Object.prototype);
  if (stray.length > 0) throw new Error(`every object has got ${stray.join(', ')}`);
  return outcome;
}

/** Only names may differ between this module and that of the same network under other names. */
function expectNoWordOfTheAuthor(spec: NetworkSpec, module: string, options: GenerateOptions): void {
  const plain = generate(withPlainNames(spec), options)[0]!.content;
  const [found, expected] = [module, plain].map((text) => withoutLayerNames(tokensOf(text))) as [string[], string[]];
  const at = found.findIndex((token, position) => token !== expected[position]);
  if (at >= 0 || found.length !== expected.length) {
    throw new Error(`the author's words reach the code: found ${found[at]}, expected ${expected[at]}`);
  }
}

function expectNone(fault: string | undefined, where: string): void {
  if (fault !== undefined) throw new Error(`${where}\nhas ${fault}`);
}
