import { type Check, checks, faultOf, frozenChecks, type Module, moduleOf } from './checks.ts';

/** What Stryker's instrumented code looks at. */
interface Switch {
  activeMutant?: string | undefined;
  currentTestId?: string | undefined;
  hitCount?: number | undefined;
  hitLimit?: number;
  mutantCoverage?: {
    readonly static: Readonly<Record<string, number>>;
    readonly perTest: Readonly<Record<string, Readonly<Record<string, number>>>>;
  };
}

export type Request = { readonly mutant: string; readonly checks: readonly string[]; readonly hits: number };

export interface Verdict {
  /** What the first proof that fails says, or the generator that throws. */
  readonly killedBy?: string;
  /** The first check whose text is another. */
  readonly changed?: string;
  readonly proofs: number;
}

/** From here on a mutant that changes text but nothing that is proved is believed to be harmless. */
const mostProofs = 8;

/** The instrumented modules have made it when they were loaded. */
const state = (globalThis as { __stryker__?: Switch }).__stryker__ ?? {};
const byName = new Map(checks.map((check) => [check.name, check]));
const texts = new Map<string, string>();

for (const check of checks) {
  state.currentTestId = check.name;
  texts.set(check.name, moduleOf(check).text);
}
state.currentTestId = undefined;
process.send!({ coverage: state.mutantCoverage ?? { static: {}, perTest: {} } });

process.on('message', (request: Request) => process.send!({ verdict: judge(request) }));

/** The mutant lives while the generator runs; the prover is the one that was written. */
function judge({ mutant, checks: names, hits }: Request): Verdict {
  let changed: string | undefined;
  let proofs = 0;
  for (const name of names) {
    const check = byName.get(name)!;
    const made = mutated(check, mutant, hits);
    if (typeof made === 'string') return { killedBy: `${name}: ${made}`, changed: changed ?? name, proofs };
    if (made.text === texts.get(name)) continue;
    changed ??= name;
    // What only comments say needs no proof.
    if (codeOf(made.text) === codeOf(texts.get(name)!)) continue;
    if (proofs++ >= mostProofs) break;
    const fault = faultIn(made);
    if (fault !== undefined) return { killedBy: `${name}: ${fault}`, changed, proofs };
  }
  changed ??= frozenChecks.find((check) => isChanged(check, mutant, hits))?.name;
  return { ...(changed === undefined ? {} : { changed }), proofs };
}

/** Of more networks only the texts: whether one is another, or none at all. */
function isChanged(check: Check, mutant: string, hits: number): boolean {
  const before = texts.get(check.name) ?? textOf(moduleIn(check));
  texts.set(check.name, before);
  return textOf(mutated(check, mutant, hits)) !== before;
}

function textOf(made: Module | string): string {
  return typeof made === 'string' ? made : made.text;
}

function moduleIn(check: Check): Module | string {
  try {
    return moduleOf(check);
  } catch (error) {
    return `throws ${String(error).slice(0, 200)}`;
  }
}

function codeOf(text: string): string {
  return text.replace(/^\s*(?:\/\/|\/\*|\*).*$/gm, '');
}

function mutated(check: Check, mutant: string, hits: number): Module | string {
  Object.assign(state, { activeMutant: mutant, hitCount: 0, hitLimit: 100 * hits + 1000 });
  try {
    return moduleIn(check);
  } finally {
    Object.assign(state, { activeMutant: undefined, hitCount: undefined });
  }
}

function faultIn(made: Module): string | undefined {
  try {
    return faultOf(made);
  } catch (error) {
    return `throws ${String(error).slice(0, 200)}`;
  }
}
