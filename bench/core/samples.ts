import { readFileSync, writeFileSync } from 'node:fs';
import {
  type Convolution,
  isPool,
  kernelLength,
  length,
  type NetworkSpec,
  parameterCount,
  stagesOf,
} from './network.ts';

/** The numbers that every runner of one network starts from, all of them exact in float32. */
export interface Samples {
  readonly parameters: readonly number[];
  readonly inputs: readonly (readonly number[])[];
  readonly targets: readonly (readonly number[])[];
}

/** Enough different inputs that a branch predictor cannot learn them; every batch size divides it. */
export const SAMPLE_COUNT = 256;

/** Draws parameters, inputs and targets; the same numbers on every machine. */
export function drawSamples(spec: NetworkSpec): Samples {
  const random = randomNumbers(1);
  const between = (low: number, high: number) => Math.fround(low + (high - low) * random());
  const stages = stagesOf(spec);
  const parameters = stages.filter((stage) => !isPool(stage)).flatMap((stage) => drawParameters(stage, between));
  const outputLength = length(stages.at(-1)!.output);
  const samples = Array.from({ length: SAMPLE_COUNT }, () => ({
    input: Array.from({ length: length(spec.input) }, () => between(-1, 1)),
    target: drawTarget(spec, outputLength, between),
  }));
  return { parameters, inputs: samples.map(({ input }) => input), targets: samples.map(({ target }) => target) };
}

/** Writes samples as float32: parameters, inputs, targets. */
export function writeSamples(path: string, { parameters, inputs, targets }: Samples): void {
  writeFileSync(path, Float32Array.from([...parameters, ...inputs.flat(), ...targets.flat()]));
}

/** Reads what `writeSamples` wrote. */
export function readSamples(path: string, spec: NetworkSpec): Samples {
  const { buffer, byteOffset, byteLength } = readFileSync(path);
  const numbers = new Float32Array(buffer.slice(byteOffset, byteOffset + byteLength));
  const stages = stagesOf(spec);
  let next = 0;
  const take = (count: number): number[] => {
    next += count;
    return Array.from(numbers.subarray(next - count, next));
  };
  const many = (count: number): number[][] => Array.from({ length: SAMPLE_COUNT }, () => take(count));
  return {
    parameters: take(parameterCount(stages)),
    inputs: many(length(spec.input)),
    targets: many(length(stages.at(-1)!.output)),
  };
}

type Between = (low: number, high: number) => number;

/** Glorot uniform weights; small biases instead of zeros, so that a lost bias shows in the output. */
function drawParameters(stage: Convolution, between: Between): number[] {
  const limit = Math.sqrt(6 / (stage.size ** 2 * (stage.input[2] + stage.output[2])));
  const kernel = Array.from({ length: kernelLength(stage) }, () => between(-limit, limit));
  const bias = Array.from({ length: stage.output[2] }, () => between(-0.1, 0.1));
  return [...kernel, ...bias];
}

function drawTarget(spec: NetworkSpec, outputLength: number, between: Between): number[] {
  if (spec.loss === 'squaredError') {
    return Array.from({ length: outputLength }, () => between(-0.9, 0.9));
  }
  const label = Math.floor(between(0, outputLength));
  return Array.from({ length: outputLength }, (_, index) => (index === label ? 1 : 0));
}

/** Marsaglia's xorshift32: uniform numbers in [0, 1). */
function randomNumbers(seed: number): () => number {
  let state = seed * 0x9e3779b9;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}
