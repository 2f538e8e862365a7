import { readFileSync, writeFileSync } from 'node:fs';

/** The numbers that every runner of one network starts from, all of them exact in float32. */
export interface Samples {
  readonly parameters: readonly number[];
  readonly inputs: readonly (readonly number[])[];
  readonly targets: readonly (readonly number[])[];
}

/** Enough different inputs that a branch predictor cannot learn them; every batch size divides it. */
export const SAMPLE_COUNT = 256;

/** How many numbers the parameters, an input and a target are. */
type Sizes = readonly [parameters: number, input: number, target: number];

/** Writes samples as float32: parameters, inputs, targets; and their sizes beside them. */
export function writeSamples(path: string, { parameters, inputs, targets }: Samples): void {
  const sizes: Sizes = [parameters.length, inputs[0]!.length, targets[0]!.length];
  writeFileSync(`${path}.json`, JSON.stringify(sizes));
  writeFileSync(path, Float32Array.from([...parameters, ...inputs.flat(), ...targets.flat()]));
}

/** Reads what `writeSamples` wrote. */
export function readSamples(path: string): Samples {
  const { buffer, byteOffset, byteLength } = readFileSync(path);
  const numbers = new Float32Array(buffer.slice(byteOffset, byteOffset + byteLength));
  const [parameters, input, target]: Sizes = JSON.parse(readFileSync(`${path}.json`, 'utf8'));
  let next = 0;
  const take = (count: number): number[] => {
    next += count;
    return Array.from(numbers.subarray(next - count, next));
  };
  const many = (count: number): number[][] => Array.from({ length: SAMPLE_COUNT }, () => take(count));
  return { parameters: take(parameters), inputs: many(input), targets: many(target) };
}
