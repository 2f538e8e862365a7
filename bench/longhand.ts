import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { generate } from '../generator/index.ts';
import type { NetworkSpec } from './network.ts';
import type { Runner } from './runner.ts';
import { SAMPLE_COUNT, type Samples } from './samples.ts';

type Form = 'unrolled';

export interface LonghandRunner extends Runner {
  /** Address of the generated module. */
  readonly module: string;
}

/** What the driver module below exports. */
interface Driver {
  /** Generated with --inference: what an importer who only predicts would take. */
  readonly predictor: { readonly parameters: Float64Array; forward(input: Float64Array): Float64Array };
  readonly model: { readonly parameters: Float64Array };
  forward(inputs: Float64Array[], count: number): number;
  step(inputs: Float64Array[], targets: Float64Array[], rate: number, count: number): number;
}

/** Generates the network in `directory` and loads it, as a user who commits the file and imports it. */
export async function startLonghandRunner(
  directory: string,
  spec: NetworkSpec,
  samples: Samples,
  form: Form,
): Promise<LonghandRunner> {
  const folder = join(directory, `${spec.name}-${form}`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }\n');
  writeFileSync(join(folder, 'driver.ts'), driverText(spec.name));
  for (const { path, content } of generate(structuredClone(spec), { form })) {
    writeFileSync(join(folder, path), content);
  }
  for (const { content } of generate(structuredClone(spec), { form, inference: true })) {
    writeFileSync(join(folder, 'predictor.ts'), content);
  }
  const driver: Driver = await import(pathToFileURL(join(folder, 'driver.ts')).href);
  const inputs = samples.inputs.map((input) => Float64Array.from(input));
  const targets = samples.targets.map((target) => Float64Array.from(target));
  return {
    name: `longhand ${form}`,
    tolerance: 0,
    module: pathToFileURL(join(folder, `${spec.name}.ts`)).href,
    reset: async () => {
      driver.model.parameters.set(samples.parameters);
      driver.predictor.parameters.set(samples.parameters);
    },
    run: async (task, count, rate) =>
      task === 'forward' ? driver.forward(inputs, count) : driver.step(inputs, targets, rate, count),
    output: async (sample) => [...driver.predictor.forward(inputs[sample]!)],
    parameters: async () => [...driver.model.parameters],
    close() {},
  };
}

/**
 * The timed loops are a module of their own for each network: in one shared function V8 would mix what it learns
 * about several models, and no importer's program does that.
 */
function driverText(name: string): string {
  return `import { createModel } from './${name}.ts';
import { createModel as createPredictor } from './predictor.ts';

export const model = createModel();
export const predictor = createPredictor();

export function forward(inputs: Float64Array[], count: number): number {
  const start = performance.now();
  for (let k = 0; k < count; k++) predictor.forward(inputs[k & ${SAMPLE_COUNT - 1}]!);
  return ((performance.now() - start) * 1e6) / count;
}

export function step(inputs: Float64Array[], targets: Float64Array[], rate: number, count: number): number {
  const start = performance.now();
  for (let k = 0; k < count; k++) {
    model.forward(inputs[k & ${SAMPLE_COUNT - 1}]!);
    model.backward(targets[k & ${SAMPLE_COUNT - 1}]!);
    model.step(rate);
  }
  return ((performance.now() - start) * 1e6) / count;
}
`;
}
