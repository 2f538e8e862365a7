import { viewLoops } from './emit/loops.ts';
import { printModule } from './emit/module.ts';
import { viewUnrolled } from './emit/unrolled.ts';
import { printWasmFile } from './emit/wasmFile.ts';
import type { StyleName } from './equations/arrange.ts';
import type { Program } from './equations/equation.ts';
import { oversized } from './equations/limits.ts';
import { writeEquations } from './equations/program.ts';
import type { PackedWeights, WeightPrecision } from './exchange/weights/pack.ts';
import { type LoopPlan, planLoops, scalarTarget } from './schedule/loops/loopPlan.ts';
import { vectorTarget } from './schedule/loops/scheduleVector.ts';
import { policy } from './schedule/policy.ts';
import { countTerms, planUnrolled, type UnrolledPlan } from './schedule/unrolledPlan.ts';
import { unrepresentable } from './spec/float32.ts';
import type { Network, ShapedNetwork } from './spec/network.ts';
import { parseSpec } from './spec/parse.ts';
import { type Problem, SpecError } from './spec/problem.ts';
import { inferShapes } from './spec/shapes.ts';

/** A form of emitted code. */
export const forms = ['auto', 'unrolled', 'fast', 'wasm'] as const;

export type Form = (typeof forms)[number];

/** The forms that a module can have. */
export type BuiltForm = Exclude<Form, 'auto'>;

export interface GenerateOptions {
  /** 'auto' (the default) takes the form that suits the network. */
  readonly form?: Form;
  /** Forward only: smaller. */
  readonly inference?: boolean;
  /** Also ∂L/∂input. */
  readonly inputGradient?: boolean;
  /** Derivations above the gradients' equations, in comments. */
  readonly explain?: boolean;
  /** In the wasm form, the same bits on every engine: no relaxed multiply-adds. */
  readonly deterministic?: boolean;
  /** Weights to build in, in the order of `network.parameters`: `createModel()` starts from them. */
  readonly weights?: ArrayLike<number>;
  /** How they are kept; default: float32. */
  readonly precision?: WeightPrecision;
  /** Also `<name>.weights.ts`, which reads and writes safetensors files. */
  readonly companion?: boolean;
  /** Terms that may be written out at most. */
  readonly maxTerms?: number;
  /** 'ts' (the default), or 'js': JavaScript, with a file of types beside it. */
  readonly language?: Language;
}

/** In what modules can be written. */
export const languages = ['ts', 'js'] as const;

export type Language = (typeof languages)[number];

/**
 * From a spec to a file. Each stage is one pure function from one immutable type to the next:
 *
 *   spec ─parse→ Network ─shape→ ShapedNetwork ─equations→ Program ─plan→ Plan ─print→ text
 */
export const stages = { parse, shape, equations, textbook, plan, print };

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

/**
 * ShapedNetwork → Program: forward equations from the layers, the backward ones derived, in the style of the form. Throws
 * SpecError for numbers that the form cannot represent and for parameters that are too large.
 */
function equations(network: ShapedNetwork, options: GenerateOptions): Program {
  if (options.form === 'wasm') refuse(unrepresentable(network));
  const write = (style: StyleName): Program => inStyle(network, options, style);
  if (options.form === 'fast' || options.form === 'wasm') return write('loops');
  const literal = textbook(network, options);
  if (options.form === 'unrolled') return isSmall(literal) ? literal : write('winners');
  return countTerms(literal, limitOf(options)) <= limitOf(options) ? literal : write('loops');
}

/** ShapedNetwork → Program as the spec says it, one sum for each element: what a reader compares with a textbook. */
function textbook(network: ShapedNetwork, options: GenerateOptions): Program {
  return inStyle(network, options, 'literal');
}

function inStyle(network: ShapedNetwork, options: GenerateOptions, style: StyleName): Program {
  const { inference = false, inputGradient = false } = options;
  const program = writeEquations(network, { inference, inputGradient, style });
  refuse(oversized(network, program));
  return program;
}

function refuse(problems: readonly Problem[]): void {
  if (problems.length > 0) throw new SpecError(problems);
}

/** A network that fits into one function for each pass keeps its equations as its spec says them. */
function isSmall(program: Program): boolean {
  return countTerms({ ...program, backward: [] }, policy.readsInOneFunction) <= policy.readsInOneFunction;
}

/** The terms up to which a network is written out: more where the form is asked for than where it is chosen. */
function limitOf({ form = 'auto', maxTerms }: GenerateOptions): number {
  return maxTerms ?? (form === 'auto' ? policy.termsUnrolled : policy.maxTerms);
}

/** A program laid out in functions, as one form has it. */
export type Plan =
  | { readonly form: 'unrolled'; readonly plan: UnrolledPlan }
  | { readonly form: 'fast'; readonly plan: LoopPlan; readonly reason: string }
  | { readonly form: 'wasm'; readonly plan: LoopPlan; readonly isDeterministic: boolean };

/** Program → Plan: everything distributed over functions, written out or in loops. Throws SpecError above the limit. */
function plan(program: Program, options: GenerateOptions): Plan {
  if (options.form === 'wasm') {
    const plan = planLoops(program, vectorTarget);
    return { form: 'wasm', plan, isDeterministic: options.deterministic ?? false };
  }
  if (program.style === 'loops') {
    const limit = limitOf(options).toLocaleString('en-US');
    const reason = options.form === 'fast' ? 'asked for' : `written out it would have more than ${limit} terms`;
    return { form: 'fast', plan: planLoops(program, scalarTarget), reason };
  }
  const limit = limitOf(options);
  const terms = countTerms(program, limit);
  if (terms > limit) {
    throw new SpecError([
      problem(
        `found a network of ${terms} terms, too large to be written out`,
        `expected at most ${limit}: ${adviceFor(terms)}`,
      ),
    ]);
  }
  return { form: 'unrolled', plan: planUnrolled(program, limit) };
}

/** Ten times the limit still gives a file of tens of megabytes; beyond it more terms are no advice. */
function adviceFor(terms: number): string {
  const loops = 'ask for loops with --form fast';
  return terms > 10 * policy.maxTerms ? loops : `${loops}, or raise the limit with --max-terms ${terms}`;
}

function problem(found: string, expected: string): Problem {
  return { path: '', found, expected };
}

/** Plan → the module's text. */
function print(
  network: ShapedNetwork,
  program: Program,
  planned: Plan,
  weights?: PackedWeights,
  derives = false,
): string {
  if (planned.form === 'wasm') {
    return printWasmFile(network, program, planned.plan, planned.isDeterministic, undefined, weights);
  }
  const view =
    planned.form === 'unrolled'
      ? viewUnrolled(network, program, planned.plan, derives)
      : viewLoops(network, program, planned.plan, planned.reason, derives);
  return printModule(network, program, view, weights);
}
