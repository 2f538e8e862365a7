import type { Program } from './equations/equation.ts';
import { oversized } from './equations/limits.ts';
import type { WeightPrecision } from './exchange/weights/pack.ts';
import type { Choice, Extras, FormOptions } from './forms/form.ts';
import { type BuiltForm, forms as built, chooseForm, limitOf, type Plan, printerOf } from './forms/registry.ts';
import { literal } from './forms/unrolled.ts';
import type { AnyPass, Watch } from './passes/pass.ts';
import type { Network, ShapedNetwork } from './spec/network.ts';
import { parseSpec } from './spec/parse.ts';
import { type Problem, SpecError } from './spec/problem.ts';
import { inferShapes } from './spec/shapes.ts';

export { universalForm } from './forms/registry.ts';
export type { BuiltForm };

/** The forms that a module can have. */
export const builtForms = Object.keys(built) as readonly BuiltForm[];

/** The forms whose functions are text that people read. */
export const textForms: readonly BuiltForm[] = builtForms.filter((form) => !built[form].isMachineCode);

/** A form of emitted code; 'auto' is the one that suits the network. */
export type Form = 'auto' | BuiltForm;

export const forms: readonly Form[] = ['auto', ...builtForms];

export interface GenerateOptions extends FormOptions {
  /** 'auto' (the default) takes the form that suits the network. */
  readonly form?: Form;
  /** Derivations above the gradients' equations, in comments. */
  readonly explain?: boolean;
  /** Weights to build in, in the order of `network.parameters`: `createModel()` starts from them. */
  readonly weights?: ArrayLike<number>;
  /** How they are kept; default: float32. */
  readonly precision?: WeightPrecision;
  /** Also `<name>.weights.ts`, which reads and writes safetensors files. */
  readonly companion?: boolean;
  /** Also the origin of each line: the part of the spec that it computes. */
  readonly origins?: boolean;
  /** 'ts' (the default), or 'js': JavaScript, with a file of types beside it. */
  readonly language?: Language;
}

/** Every list of passes of a form: those for equations, each with what lays them out. */
export function passesOf(form: BuiltForm): readonly (readonly AnyPass[])[] {
  const { lists, layout } = built[form];
  return lists.map(({ list }) => [...list, ...layout.list]);
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
 * ShapedNetwork → Program: forward equations from the layers, the backward ones derived, as they suit the form. Throws
 * SpecError for numbers that the form cannot represent and for parameters that are too large.
 */
function equations(network: ShapedNetwork, options: GenerateOptions, watch?: Watch): Program {
  const form = formFor(network, options);
  refuse(built[form].refuses?.(network) ?? []);
  const program = built[form].equations(network).run({ network, asked: options, form }, watch);
  refuse(oversized(network, program));
  return program;
}

/** ShapedNetwork → Program as the spec says it, one sum for each element: what a reader compares with a textbook. */
function textbook(network: ShapedNetwork, options: GenerateOptions): Program {
  const program = literal.run({ network, asked: options, form: options.form ?? 'auto' });
  refuse(oversized(network, program));
  return program;
}

function formFor(network: ShapedNetwork, options: GenerateOptions): BuiltForm {
  const { form = 'auto' } = options;
  return form === 'auto' ? chooseForm(network, options, choiceOf(options).limit) : form;
}

function choiceOf(options: GenerateOptions): Choice {
  const isAsked = (options.form ?? 'auto') !== 'auto';
  return { ...options, isAsked, limit: options.maxTerms ?? limitOf(isAsked) };
}

function refuse(problems: readonly Problem[]): void {
  if (problems.length > 0) throw new SpecError(problems);
}

/** Program → Plan: everything distributed over functions, written out or in loops. Throws SpecError above the limit. */
function plan(program: Program, options: GenerateOptions, watch?: Watch): Plan {
  const { form = 'auto' } = options;
  return built[form === 'auto' ? (program.form as BuiltForm) : form].plan(program, choiceOf(options), watch);
}

/** Plan → the module's text. */
function print(network: ShapedNetwork, program: Program, planned: Plan, extras: Extras = {}): string {
  return printerOf(planned)(network, program, extras);
}
