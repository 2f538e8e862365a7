import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { generate } from '../../generator/index.ts';

/** What the training needs of a generated model. */
export interface Model {
  /** Every parameter, flat; what is written here is what the next `forward` computes with. */
  readonly parameters: Float64Array;
  initialize(seed: number): void;
  forward(input: ArrayLike<number>): ArrayLike<number>;
  backward(target: ArrayLike<number>): number;
  step(rate: number): void;
}

/** A parameter in `network.parameters`. */
interface Parameter {
  readonly name: string;
  readonly shape: readonly number[];
  readonly offset: number;
}

/** A generated module and its companion, which reads and writes files of weights. */
export interface ModelModule {
  readonly network: { readonly parameterCount: number; readonly parameters: readonly Parameter[] };
  createModel(parameters?: ArrayLike<number>): Model;
  readSafetensors(bytes: ArrayBuffer, network: ModelModule['network']): Float64Array;
  writeSafetensors(parameters: Float64Array, network: ModelModule['network']): Uint8Array;
}

/** Generates the module of a spec, and returns a model made by it. */
export async function generateModel(spec: { readonly name: string }): Promise<Model> {
  return (await generateModule(spec)).createModel();
}

/** Generates the module of a spec and its companion into a fresh temporary folder, and imports them. */
export async function generateModule(spec: { readonly name: string }): Promise<ModelModule> {
  const folder = mkdtempSync(join(tmpdir(), 'longhand-digits-'));
  try {
    const files = generate(spec, { companion: true });
    const parts = await Promise.all(writeModules(folder, files).map((address) => import(address)));
    return Object.assign({}, ...parts) as ModelModule;
  } finally {
    // A module once imported stays in memory; its file is not needed any more.
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Writes generated files into a folder from where they can be imported. @returns their addresses */
export function writeModules(folder: string, files: ReturnType<typeof generate>): readonly string[] {
  // Outside a package, a .ts file would not be taken for an ES module.
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }\n');
  return files.map(({ path, content }) => {
    writeFileSync(join(folder, path), content);
    return pathToFileURL(join(folder, path)).href;
  });
}
