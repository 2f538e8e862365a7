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

/** What the training needs of a generated module. */
interface ModelModule {
  createModel(): Model;
}

/** Generates the module of a spec into a fresh temporary folder, imports it, and returns a model made by it. */
export async function generateModel(spec: { readonly name: string }): Promise<Model> {
  const folder = mkdtempSync(join(tmpdir(), 'longhand-digits-'));
  try {
    for (const { path, content } of generate(spec, {})) writeFileSync(join(folder, path), content);
    // Outside a package, a .ts file would not be taken for an ES module.
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }\n');
    const module = (await import(pathToFileURL(join(folder, `${spec.name}.ts`)).href)) as ModelModule;
    return module.createModel();
  } finally {
    // A module once imported stays in memory; its file is not needed any more.
    rmSync(folder, { recursive: true, force: true });
  }
}
