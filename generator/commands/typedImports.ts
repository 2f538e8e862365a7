import { basename } from 'node:path';
import { printTypedImports } from '../emit/typedImports.ts';
import type { Job } from './jobs.ts';
import { byFolder, type Output } from './outputs.ts';

/** What an import says to mean a job's module; the first module of a spec needs no name. */
export function requestOf(job: Job, stem: string, isFirst: boolean): string {
  return `${basename(job.spec)}?longhand${isFirst ? '' : `=${stem}`}`;
}

/** A module, its name without ending, and whether it is the first of its spec. */
export interface ModuleOutput extends Output {
  readonly stem: string;
  readonly isFirst: boolean;
}

/** The module of each job among the outputs. */
export function modulesOf(outputs: readonly Output[]): readonly ModuleOutput[] {
  const jobs = new Set<Job>();
  const specs = new Set<string>();
  return outputs.flatMap((output) => {
    // The first file of a job is its module, the types of one in JavaScript and its companion come after it.
    if (jobs.has(output.job)) return [];
    jobs.add(output.job);
    const isFirst = !specs.has(output.job.spec);
    specs.add(output.job.spec);
    return [{ ...output, stem: output.path.replace(/\.[jt]s$/, ''), isFirst }];
  });
}

/** For each folder whose configuration asks for them, the types of imports of specs. */
export function typedImportsOf(outputs: readonly Output[]): readonly Output[] {
  const modules = modulesOf(outputs);
  return [...byFolder(modules.filter(({ job }) => job.options.typedImports))].flatMap(([, inFolder]) => {
    const imports = inFolder.map((output) => {
      const { job, stem, isFirst } = output;
      const typed = outputs.find((one) => one.job === job && one.path === `${stem}.d.ts`) ?? output;
      return { request: requestOf(job, stem, isFirst), from: `./${stem}.js`, text: String(typed.content) };
    });
    // Two specs of one name in different folders cannot be told apart by what an import says.
    const distinct = imports.filter(({ request }) => imports.filter((one) => one.request === request).length === 1);
    return distinct.length === 0 ? [] : [{ ...printTypedImports(distinct), job: inFolder[0]!.job }];
  });
}
