import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { transform } from 'esbuild';
import { type GenerateOptions, generate, SpecError } from '../../generator/index.ts';
import { Absent, type Contender, type Setup } from '../core/runner.ts';
import { workerProgram } from './javascript.ts';

type Form = 'unrolled' | 'fast' | 'wasm';

/** A form of longhand. */
export interface FormContender extends Contender {
  readonly form: Form;
}

export function longhand(form: Form): FormContender {
  return {
    id: `longhand-${form}`,
    name: `longhand ${form}`,
    form,
    inNode: true,
    takesAnyLayer: true,
    // wasm computes in float32.
    tolerance: form === 'wasm' ? 2e-6 : 1e-12,
    async prepare(setup) {
      await writeModule(setup, 'trainer', { form });
      await writeModule(setup, 'predictor', { form, inference: true });
      return workerProgram('longhand', setup.directory);
    },
  };
}

/** The generated module without its types, as a bundler would leave it. Throws Absent if longhand refuses. */
export async function generated(spec: object, options: GenerateOptions): Promise<string> {
  const [file] = orAbsent(() => generate(structuredClone(spec), options));
  const { code } = await transform(file!.content, { loader: 'ts', format: 'esm', target: 'es2023' });
  return code;
}

async function writeModule(
  { spec, directory, maxTerms }: Setup,
  name: string,
  options: GenerateOptions,
): Promise<void> {
  const code = await generated(spec, { ...options, ...(maxTerms === undefined ? {} : { maxTerms }) });
  writeFileSync(join(directory, `${name}.mjs`), code);
}

function orAbsent<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof SpecError)) throw error;
    throw new Absent(error.problems.map(({ found, expected }) => `${found}; ${expected}`).join('; '));
  }
}
