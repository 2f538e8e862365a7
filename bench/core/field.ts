import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkedReference, problemOf } from './checks.ts';
import { drawSamples } from './drawSamples.ts';
import { isPlain, type NetworkSpec, stagesOf, withoutAtan } from './network.ts';
import type { PlainNetwork } from './plainNetwork.ts';
import { startProgram } from './program.ts';
import { Absent, type Contender, type Exercise, type Runner, type Setup } from './runner.ts';
import { type Samples, writeSamples } from './samples.ts';

/** A contender whose program runs. */
export interface Started extends Runner {
  readonly contender: Contender;
}

/** The contenders of one network: those that run, and why the others do not. */
export interface Field {
  readonly spec: NetworkSpec;
  readonly runners: readonly Started[];
  /** By contender's id. */
  readonly absent: ReadonlyMap<string, string>;
  /** Those that do an exercise, checked against the reference, and why the others do not. */
  ready(exercise: Exercise): Promise<{ runners: readonly Started[]; excused: ReadonlyMap<string, string> }>;
  close(): void;
}

/** Starts every contender on a network, each in a folder of its own inside `directory`. */
export async function startField(
  spec: NetworkSpec,
  contenders: readonly Contender[],
  directory: string,
  options: Pick<Setup, 'maxTerms'> = {},
): Promise<Field> {
  const samples = drawSamples(spec);
  const references = referencesOf(spec, samples);
  const runners: Started[] = [];
  const absent = new Map<string, string>();
  for (const contender of contenders) {
    const folder = join(directory, spec.name, contender.id);
    try {
      runners.push({ ...(await startContender(contender, spec, samples, folder, options)), contender });
    } catch (error) {
      if (!(error instanceof Absent)) throw new Error(`${spec.name}, ${contender.name}: ${(error as Error).message}`);
      absent.set(contender.id, error.message);
    }
  }
  return {
    spec,
    runners,
    absent,
    async ready(exercise) {
      const fit: Started[] = [];
      const excused = new Map<string, string>();
      for (const runner of runners) {
        const reason = await excuseOf(runner, references(runner.contender), samples, exercise);
        if (reason === undefined) fit.push(runner);
        else excused.set(runner.contender.id, reason);
      }
      return { runners: fit, excused };
    },
    close() {
      for (const runner of runners) runner.close();
    },
  };
}

/** Prepares a contender in `folder` and starts its program. Throws Absent if it cannot take part. */
export async function startContender(
  contender: Contender,
  original: NetworkSpec,
  samples: Samples,
  folder: string,
  options: Pick<Setup, 'maxTerms'> = {},
): Promise<Runner> {
  const spec = contender.withoutAtan ? withoutAtan(original) : original;
  if (!isPlain(spec) && !contender.takesAnyLayer) {
    throw new Absent('written here for convolutions, max pools and dense layers in a row only');
  }
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'network.json'), JSON.stringify(spec));
  writeSamples(join(folder, 'samples'), samples);
  return startProgram(
    await contender.prepare({ spec, stages: stagesOf(spec), samples, directory: folder, ...options }),
  );
}

/** The reference for a contender, made when it is first needed. */
function referencesOf(spec: NetworkSpec, samples: Samples): (contender: Contender) => PlainNetwork {
  const original = checkedReference(spec, samples);
  let tanhOnly: PlainNetwork | undefined;
  return ({ withoutAtan: replaced }) => {
    if (!replaced) return original;
    tanhOnly ??= checkedReference(withoutAtan(spec), samples);
    return tanhOnly;
  };
}

async function excuseOf(
  runner: Started,
  reference: PlainNetwork,
  samples: Samples,
  exercise: Exercise,
): Promise<string | undefined> {
  const { contender } = runner;
  const reason = contender.cannot?.(exercise);
  if (reason !== undefined) return reason;
  try {
    return await problemOf(contender, runner, reference, samples, exercise);
  } catch (error) {
    return `it throws: ${(error as Error).message}`;
  }
}
