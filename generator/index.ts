import { printCompanion } from './emit/companion.ts';
import type { FunctionView } from './emit/form.ts';
import { findIdleLayers } from './emit/idle.ts';
import { splitTypes } from './emit/javascript.ts';
import { originsOf } from './emit/origins.ts';
import { fitWeights } from './exchange/weights/fit.ts';
import { packWeights } from './exchange/weights/pack.ts';
import { slotsOf } from './exchange/weights/slots.ts';
import { type GenerateOptions, stages } from './pipeline.ts';
import type { ShapedNetwork } from './spec/network.ts';
import type { Problem } from './spec/problem.ts';

export { defineConfig, type LonghandConfig } from './config/config.ts';
export { dump, dumpStages, listPasses } from './dump.ts';
export type { WeightPrecision } from './exchange/weights/pack.ts';
export { type Form, forms, type GenerateOptions, type Language, languages } from './pipeline.ts';
export { defineNetwork, type NetworkSpec } from './spec/define-network.ts';
export { type Problem, SpecError } from './spec/problem.ts';

/** One file to write. */
export interface GeneratedFile {
  /** Relative to the output folder: `<name>.ts`. */
  readonly path: string;
  readonly content: string;
  /** For each line of a module the path in the spec of what it computes, such as `layers[2]`; where they are asked for. */
  readonly origins?: readonly (string | undefined)[];
}

/**
 * Writes a network out as a TypeScript module. Pure: it reads and writes no file, and the same spec gives the same text
 * on every machine.
 *
 * @param spec what a `*.net.json` file holds; it is validated
 * @throws SpecError with every problem found, if the spec is not right or too large for the form
 */
export function generate(spec: unknown, options: GenerateOptions = {}): GeneratedFile[] {
  const network = stages.shape(stages.parse(spec));
  const program = stages.equations(network, options);
  const plan = stages.plan(program, options);
  const weights = options.weights && packWeights(slotsOf(network), fit(network, options.weights), options.precision);
  const functions: FunctionView[] = [];
  const onFunctions = (all: readonly FunctionView[]): void => void functions.push(...all);
  const content = stages.print(network, program, plan, { weights, explain: options.explain, onFunctions });
  const module = { path: `${network.name}.ts`, content };
  const files = options.companion ? [module, printCompanion(network)] : [module];
  const written = options.language === 'js' ? files.flatMap(inJavaScript) : files;
  if (!options.origins) return written;
  return written.map((file, n) => (n === 0 ? { ...file, origins: originsOf(file.content, network, functions) } : file));
}

function inJavaScript({ path, content }: GeneratedFile): GeneratedFile[] {
  const { code, types } = splitTypes(content);
  return [
    { path: path.replace(/\.ts$/, '.js'), content: code },
    { path: path.replace(/\.ts$/, '.d.ts'), content: types },
  ];
}

/** What is doubtful about a spec, though it can be generated, such as a layer that nothing reads. Throws SpecError as `generate` does. */
export function warningsOf(spec: unknown): readonly Problem[] {
  return findIdleLayers(stages.shape(stages.parse(spec)));
}

function fit(network: ShapedNetwork, weights: ArrayLike<number>): Float64Array {
  return fitWeights(slotsOf(network), { kind: 'flat', type: 'F64', values: Float64Array.from(weights) });
}
