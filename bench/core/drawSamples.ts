import { generalOutput, generalParameters } from './general.ts';
import { type Convolution, isPlain, isPool, kernelLength, length, type NetworkSpec, stagesOf } from './network.ts';
import { SAMPLE_COUNT, type Samples } from './samples.ts';

/** Draws parameters, inputs and targets; the same numbers on every machine. */
export function drawSamples(spec: NetworkSpec): Samples {
  const random = randomNumbers(1);
  const between = (low: number, high: number) => Math.fround(low + (high - low) * random());
  const parameters = isPlain(spec)
    ? stagesOf(spec)
        .filter((stage) => !isPool(stage))
        .flatMap((stage) => drawParameters(stage, between))
    : generalParameters(spec, between);
  const outputLength = isPlain(spec) ? length(stagesOf(spec).at(-1)!.output) : generalOutput(spec);
  const samples = Array.from({ length: SAMPLE_COUNT }, () => ({
    input: Array.from({ length: length(spec.input) }, () => between(-1, 1)),
    target: drawTarget(spec, outputLength, between),
  }));
  return { parameters, inputs: samples.map(({ input }) => input), targets: samples.map(({ target }) => target) };
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
