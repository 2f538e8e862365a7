import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { Absent, type Program, type Runner } from './runner.ts';

/*
 * Every implementation is a program of its own, whatever its language, so that none warms, litters or slows the
 * process of another; and all wait in their loop while one works. The dialogue is lines of text:
 *
 *   (start)                     ready VERSION, or: absent REASON
 *   reset                       0
 *   forward BATCH CALLS RATE    ns per sample
 *   step BATCH CALLS RATE       ns per sample
 *   output FIRST BATCH          numbers
 *   parameters                  numbers
 *   loaded                      ms               (programs in JavaScript only, as the next three)
 *   memory                      three numbers of bytes
 *   another                     bytes
 *   tiers                       JSON
 *
 * Any answer may be: error MESSAGE.
 */

/** Starts a program and waits until it is ready. Throws Absent if it says that it cannot. */
export async function startProgram({ command, args, parameterPlaces }: Program): Promise<Runner> {
  const { ask, close } = startDialogue(command, args);
  const [word, ...rest] = (await ask()).split(' ');
  if (word !== 'ready') {
    close();
    throw new Absent(rest.join(' '));
  }
  const numbers = async (line: string) => (await ask(line)).trim().split(' ').map(Number);
  return {
    version: rest.join(' '),
    reset: async () => void (await ask('reset')),
    run: async ({ task, batch }, calls, rate) => Number(await ask(`${task} ${batch} ${calls} ${rate}`)),
    output: (first, batch) => numbers(`output ${first} ${batch}`),
    parameters: async () => ordered(await numbers('parameters'), parameterPlaces),
    loaded: async () => Number(await ask('loaded')),
    memory: async () => (await numbers('memory')) as [number, number, number],
    another: async () => Number(await ask('another')),
    tiers: async () => JSON.parse(await ask('tiers')),
    close,
  };
}

function ordered(values: number[], places: readonly number[] | undefined): number[] {
  if (places === undefined) return values;
  const result = new Array<number>(values.length);
  for (const [k, place] of places.entries()) result[place] = values[k]!;
  return result;
}

/** A program that answers every line with a line, and says one before it is asked. */
function startDialogue(
  program: string,
  args: readonly string[],
): { ask(line?: string): Promise<string>; close(): void } {
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const failed = new Promise<never>((_, reject) => child.once('error', reject));
  failed.catch(() => {});
  // A program that ends too early is reported by the question that it leaves unanswered.
  child.stdin.on('error', () => {});
  return {
    async ask(line) {
      if (line !== undefined) child.stdin.write(`${line}\n`);
      const { value, done } = await Promise.race([lines.next(), failed]);
      if (done) throw new Error(`${program} ended without an answer to '${line ?? 'start'}'`);
      if (value.startsWith('error ')) throw new Error(value.slice('error '.length));
      return value;
    },
    close: () => child.stdin.end(),
  };
}
