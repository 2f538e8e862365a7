import { readFileSync, statSync } from 'node:fs';
import { failureCode } from '../failureCode.ts';
import { stages } from '../pipeline.ts';
import type { ShapedNetwork } from '../spec/network.ts';
import { formatProblem, type Problem, SpecError } from '../spec/problem.ts';
import { readSpec } from '../spec/read.ts';

/** Node reads no larger file into one array of bytes. */
const maxFile = 2 ** 31 - 1;

/** The bytes of a file that a user names. Throws SpecError where there is none, or more than can be read. */
export function readBytes(file: string): Uint8Array {
  try {
    const { size } = statSync(file);
    if (size > maxFile) throw problem(`found ${size} bytes`, `expected at most ${maxFile}`);
    return readFileSync(file);
  } catch (error) {
    if (error instanceof SpecError) throw error;
    const code = failureCode(error) ?? 'unknown error';
    const found = { ENOENT: 'found no such file', ENOTDIR: 'found no such file', EISDIR: 'found a folder' }[code];
    throw problem(found ?? `found a file that cannot be read (${code})`, 'expected a file');
  }
}

function problem(found: string, expected: string): SpecError {
  return new SpecError([{ path: '', found, expected }]);
}

/** The network of a spec file, with its shapes. Throws SpecError with what is wrong. */
export async function readNetwork(file: string): Promise<ShapedNetwork> {
  const read = await readSpec(file);
  if (!read.ok || read.problems.length > 0) throw new SpecError(read.problems);
  try {
    return stages.shape(stages.parse(read.spec));
  } catch (error) {
    if (!(error instanceof SpecError)) throw error;
    throw new SpecError(
      await Promise.all(error.problems.map(async (one) => ({ ...one, place: await read.placeOf(one.path) }))),
    );
  }
}

/** Problems with the file that each stands in. */
export class FileError extends Error {
  override readonly name = 'FileError';
  readonly lines: readonly string[];

  constructor(file: string, problems: readonly Problem[]) {
    super(problems.map((one) => formatProblem(one, file)).join('\n'));
    this.lines = problems.map((one) => formatProblem(one, file));
  }
}

/** Runs what concerns one file, so that its problems are told with its name. */
export async function within<T>(file: string, run: () => T | Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof SpecError) throw new FileError(file, error.problems);
    throw error;
  }
}

/** Runs a command; problems of files become lines on the error output and exit code 1. */
export async function reportingProblems(run: () => Promise<void>): Promise<void> {
  try {
    await run();
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    for (const line of error.lines) console.error(line);
    process.exitCode = 1;
  }
}
