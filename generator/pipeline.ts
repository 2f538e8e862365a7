import { printModule } from './emit/module.ts';
import type { Program } from './equations/equation.ts';
import { type ProgramOptions, writeEquations } from './equations/program.ts';
import { policy } from './schedule/policy.ts';
import { estimateTerms, planUnrolled, type UnrolledPlan } from './schedule/unrolledPlan.ts';
import type { Network, ShapedNetwork } from './spec/network.ts';
import { parseSpec } from './spec/parse.ts';
import { type Problem, SpecError } from './spec/problem.ts';
import { inferShapes } from './spec/shapes.ts';

/** A form of emitted code. */
export const forms = ['auto', 'unrolled', 'fast', 'wasm'] as const;

export type Form = (typeof forms)[number];

export interface GenerateOptions {
  /** 'auto' (the default) takes the form that suits the network. */
  readonly form?: Form;
  /** Forward only: smaller. */
  readonly inference?: boolean;
  /** Also ∂L/∂input. */
  readonly inputGradient?: boolean;
  /** Terms that may be written out at most. */
  readonly maxTerms?: number;
}

/**
 * From a spec to a file. Each stage is one pure function from one immutable type to the next:
 *
 *   spec ─parse→ Network ─shape→ ShapedNetwork ─equations→ Program ─plan→ UnrolledPlan ─print→ text
 */
export const stages = { parse, shape, equations, plan, print };

/** NetworkSpec → Network: defaults filled, names unique. Throws SpecError. */
function parse(spec: unknown): Network {
  const parsed = parseSpec(spec);
  if (!parsed.ok) throw new SpecError(parsed.problems);
  return parsed.network;
}

/** Network → ShapedNetwork: every layer has an output shape. Throws SpecError. */
function shape(network: Network): ShapedNetwork {
  const shaped = inferShapes(network);
  if (!shaped.ok) throw new SpecError(shaped.problems);
  return shaped.network;
}

/** ShapedNetwork → Program: forward equations from the layers, the backward ones derived. */
function equations(network: ShapedNetwork, options: GenerateOptions): Program {
  const literal = {
    inference: options.inference ?? false,
    inputGradient: options.inputGradient ?? false,
    commute: false,
  };
  const program = writeEquations(network, literal);
  return isSmall(program) ? program : writeEquations(network, { ...literal, commute: true } satisfies ProgramOptions);
}

/** A network that fits into one function for each pass keeps its equations as its spec says them. */
function isSmall(program: Program): boolean {
  return estimateTerms({ ...program, backward: [] }) <= policy.readsInOneFunction;
}

/** Program → UnrolledPlan: everything written out and distributed over functions. Throws SpecError above the limit. */
function plan(program: Program, options: GenerateOptions): UnrolledPlan {
  const { form = 'auto', maxTerms = policy.maxTerms } = options;
  if (form === 'fast' || form === 'wasm') {
    throw new SpecError([problem(`found form '${form}'`, "expected 'unrolled': the other forms are not built yet")]);
  }
  const terms = estimateTerms(program);
  if (terms > maxTerms) {
    throw new SpecError([
      problem(
        `found a network of ${terms} terms, too large to be written out`,
        `expected at most ${maxTerms}: ${adviceFor(terms)}`,
      ),
    ]);
  }
  return planUnrolled(program, terms);
}

/** Ten times the limit still gives a file of tens of megabytes; beyond it more terms are no advice. */
function adviceFor(terms: number): string {
  const loops = 'ask for loops with --form fast';
  return terms > 10 * policy.maxTerms ? loops : `${loops}, or raise the limit with --max-terms ${terms}`;
}

function problem(found: string, expected: string): Problem {
  return { path: '', found, expected };
}

/** UnrolledPlan → the module's text. */
function print(network: ShapedNetwork, program: Program, planned: UnrolledPlan): string {
  return printModule(network, program, planned);
}
