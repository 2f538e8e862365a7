import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { cProgram } from './cProgram.ts';
import type { Runner } from './runner.ts';
import type { Samples } from './samples.ts';

export interface CVariant {
  readonly name: string;
  /** The network as C text. */
  readonly source: string;
  readonly flags: readonly string[];
  /** For each parameter of the C text, its place in the order of the spec. */
  readonly parameterPlaces: readonly number[];
  readonly note?: string;
}

export const C_FLAGS = ['-std=c11', '-O3', '-march=native'];

/** First line of `gcc --version`, or undefined on a machine without gcc. */
export function gccVersion(): string | undefined {
  const { status, stdout } = spawnSync('gcc', ['--version'], { encoding: 'utf8' });
  return status === 0 ? stdout.split('\n')[0] : undefined;
}

/** Compiles a variant in `directory` and starts it. */
export function startCRunner(directory: string, variant: CVariant, samples: Samples): Runner {
  const base = join(directory, variant.name.replaceAll(/\W+/g, '-'));
  writeFileSync(`${base}.c`, cProgram(variant.source));
  writeFileSync(`${base}.samples`, packed(samples, variant.parameterPlaces));
  execFileSync('gcc', [...C_FLAGS, ...variant.flags, '-o', base, `${base}.c`, '-lm'], { stdio: 'inherit' });
  const { ask, close } = startDialogue(base, [`${base}.samples`]);
  const numbers = async (command: string) => (await ask(command)).trim().split(' ').map(Number);
  return {
    name: variant.name,
    // Float32, after some training steps.
    tolerance: 1e-5,
    ...(variant.note ? { note: variant.note } : {}),
    reset: async () => void (await ask('reset')),
    run: async (task, count, rate) => Number(await ask(`${task} ${count} ${rate}`)),
    output: (sample) => numbers(`output ${sample}`),
    async parameters() {
      const values = await numbers('parameters');
      const ordered = new Array<number>(values.length);
      for (const [k, place] of variant.parameterPlaces.entries()) ordered[place] = values[k]!;
      return ordered;
    },
    close,
  };
}

function packed({ parameters, inputs, targets }: Samples, places: readonly number[]): Float32Array {
  return Float32Array.from([...places.map((place) => parameters[place]!), ...inputs.flat(), ...targets.flat()]);
}

/** Starts a program that answers every line with a line. */
function startDialogue(program: string, args: string[]): { ask(command: string): Promise<string>; close(): void } {
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async ask(command) {
      child.stdin.write(`${command}\n`);
      const { value, done } = await lines.next();
      if (done) {
        throw new Error(`${program} ended without an answer to "${command}"`);
      }
      return value;
    },
    close: () => child.stdin.end(),
  };
}
