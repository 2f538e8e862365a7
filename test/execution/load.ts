import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { transform } from 'esbuild';
import { type GenerateOptions, generate } from '../../generator/index.ts';

/** The interface of a generated trainer, as a test uses it whatever the network. */
export interface AnyModel {
  readonly parameters: Float64Array;
  readonly output: Float64Array;
  readonly gradients: Float64Array;
  readonly inputGradient: Float64Array;
  forward(input: ArrayLike<number>): Float64Array;
  backward(target: ArrayLike<number>): number;
  step(rate: number): void;
  initialize(seed: number): void;
}

export interface AnyModule {
  readonly network: {
    readonly name: string;
    readonly inputShape: readonly number[];
    readonly outputShape: readonly number[];
    readonly parameterCount: number;
    readonly parameters: readonly {
      readonly name: string;
      readonly shape: readonly number[];
      readonly offset: number;
    }[];
  };
  createModel(parameters?: ArrayLike<number>): AnyModel;
}

/** Generates a module and runs it: what a user's bundler would do with the file. */
export async function load(spec: unknown, options: GenerateOptions = {}): Promise<AnyModule> {
  return loadText(generate(spec, options)[0]!.content);
}

/** Runs the text of a generated module. */
export async function loadText(text: string): Promise<AnyModule> {
  const { code } = await transform(text, { loader: 'ts', format: 'esm' });
  const folder = mkdtempSync(join(tmpdir(), 'longhand-'));
  const file = join(folder, 'module.mjs');
  try {
    writeFileSync(file, code);
    return (await import(/* @vite-ignore */ file)) as AnyModule;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Largest difference, relative to the largest expected value (or 1 where all are smaller than 1e-300). */
export function relativeError(found: ArrayLike<number>, expected: ArrayLike<number>, least = 0): number {
  if (found.length !== expected.length) throw new Error(`found ${found.length} numbers, expected ${expected.length}`);
  let scale = 0;
  let error = 0;
  for (let n = 0; n < expected.length; n++) {
    const difference = Math.abs(found[n]! - expected[n]!);
    scale = Math.max(scale, Math.abs(expected[n]!));
    // Math.max passes NaN on, so that a NaN on either side counts as an error.
    error = Math.max(error, difference);
  }
  return Number.isNaN(error) ? Number.POSITIVE_INFINITY : error / (Math.max(scale, least) || 1);
}
