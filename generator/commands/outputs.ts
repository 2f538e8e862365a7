import { join } from 'node:path';
import { wasmBytesOf } from '../emit/wasmBytes.ts';
import type { TargetFile } from '../emit/write.ts';
import { type GeneratedFile, generate, warningsOf } from '../index.ts';
import { builtInWeights } from './builtInWeights.ts';
import type { Job } from './jobs.ts';
import type { FileProblem } from './problems.ts';
import { withSourceMap } from './sourceMaps.ts';
import { type Outcome, runSpec } from './specs.ts';

/** A file to be written, and the job that it comes from. */
export interface Output extends TargetFile {
  readonly job: Job;
}

/** What the jobs give, and what is doubtful about them. */
export interface Outputs {
  readonly outcome: Outcome<Output>;
  readonly warnings: readonly FileProblem[];
  /** What is worth a line although nothing is wrong. */
  readonly notes: readonly string[];
}

/** Generates the files of one job. */
export async function outputsOf(job: Job, imported?: (files: readonly string[]) => void): Promise<Outputs> {
  const { out: _, fileName, weights, typedImports: _typed, wasmFile, sourceMap, ...options } = job.options;
  const notes: string[] = [];
  const warnings: FileProblem[] = [];
  const outcome = await runSpec(
    job.spec,
    async (spec, placeOf) => {
      for (const warning of warningsOf(spec)) {
        warnings.push({ ...warning, place: await placeOf(warning.path), file: job.spec });
      }
      const builtIn =
        weights === undefined ? undefined : await builtInWeights(spec, weights, options.precision ?? 'float32');
      if (builtIn !== undefined) notes.push(builtIn.note);
      const asked = { ...options, ...builtIn?.options, ...(sourceMap && { origins: true }) };
      const generated = generate(spec, asked).map((file) => ({ ...file, path: rename(file.path, fileName) }));
      const [module, ...others] = generated as [GeneratedFile, ...GeneratedFile[]];
      const [mapped, ...maps] = sourceMap ? await withSourceMap(module, job, placeOf) : [module];
      const files = [mapped!, ...others, ...(wasmFile ? wasmFileOf(module) : []), ...maps];
      return files.map(({ path, content }) => ({ path, content, job }));
    },
    (files) => imported?.(weights === undefined ? files : [...files, weights]),
  );
  return { outcome, warnings, notes };
}

/** The code of a module in the form wasm as a file of its own, beside it. */
function wasmFileOf({ path, content }: GeneratedFile): readonly TargetFile[] {
  const bytes = wasmBytesOf(content);
  return bytes === undefined ? [] : [{ path: path.replace(/\.[jt]s$/, '.wasm'), content: bytes }];
}

/** `digits.d.ts` as `[name].gen` is `digits.gen.d.ts`. */
function rename(path: string, fileName: string | undefined): string {
  const end = path.indexOf('.');
  return fileName === undefined ? path : `${fileName.replace('[name]', path.slice(0, end))}${path.slice(end)}`;
}

/** Two specs must not write one file; names that differ in case alone are one file on some systems. */
export function findClashes(outputs: readonly Output[]): FileProblem[] {
  const first = new Map<string, Output>();
  return outputs.flatMap((output): FileProblem[] => {
    const place = join(output.job.out, output.path).toLowerCase();
    const earlier = first.get(place);
    first.set(place, earlier ?? output);
    if (earlier === undefined) return [];
    const found = `found a name whose file, ${output.path}, is also that of ${earlier.job.spec}`;
    return [{ file: output.job.spec, path: 'name', found, expected: 'expected a name of its own' }];
  });
}

/** The outputs of each folder. */
export function byFolder<One extends Output>(outputs: readonly One[]): ReadonlyMap<string, readonly One[]> {
  const folders = new Map<string, One[]>();
  for (const output of outputs) {
    const { out } = output.job;
    folders.set(out, [...(folders.get(out) ?? []), output]);
  }
  return folders;
}
