import {
  type Activation,
  type Convolution,
  isPool,
  kernelLength,
  length,
  type NetworkSpec,
  stagesOf,
} from '../core/network.ts';

/** One scalar `name = bias + Σ weight·input`, each a C expression. */
interface Sum {
  readonly name: string;
  readonly bias: string;
  readonly products: readonly (readonly [weight: string, input: string])[];
  readonly activation: Activation;
}

/**
 * Writes the network as straight-line C, one statement for each scalar: the least that any generated code could do.
 * Only for convolutions without padding and a squared error. `step` updates each weight
 * in the statement that computes its gradient, with no buffer between.
 */
export function straightLineC(spec: NetworkSpec): string {
  const sums = sumsOf(spec);
  const outputs = sums.slice(-length(stagesOf(spec).at(-1)!.output));
  const compute = sums.map(forwardStatements).join('\n');
  const parameterCount = new Set(sums.flatMap(({ bias, products }) => [bias, ...products.map(([w]) => w)])).size;
  return `#define INPUT_LENGTH ${length(spec.input)}
#define OUTPUT_LENGTH ${outputs.length}
#define PARAMETER_COUNT ${parameterCount}

static float weights[PARAMETER_COUNT], output[OUTPUT_LENGTH];
static volatile float loss;

static __attribute__((noinline)) void forward(const float *restrict input) {
${compute}
${outputs.map(({ name }, o) => `  output[${o}] = a_${name};`).join('\n')}
}

static __attribute__((noinline)) void step(const float *restrict input, const float *restrict target, float rate) {
${compute}
${outputs.map(({ name }, o) => `  const float d_a_${name} = a_${name} - target[${o}];`).join('\n')}
  loss = (${outputs.map(({ name }) => `d_a_${name} * d_a_${name}`).join(' + ')}) / 2;
${backwardStatements(sums)}
}

/* Only batches of 1: with more, each sample takes a step of its own. */
static void train(float (*inputs)[INPUT_LENGTH], float (*targets)[OUTPUT_LENGTH], int batch, float rate) {
  for (int n = 0; n < batch; n++) step(inputs[n], targets[n], rate / batch);
}`;
}

/** Every scalar of the network in the order of computation. */
function sumsOf(spec: NetworkSpec): Sum[] {
  let parameter = 0;
  let inputs = Array.from({ length: length(spec.input) }, (_, k) => `input[${k}]`);
  return stagesOf(spec).flatMap((stage, n) => {
    if (isPool(stage) || stage.pad !== 0) {
      throw new Error('straight-line C is written only for convolutions without padding and dense layers');
    }
    const sums = sumsOfStage(stage, n, parameter, inputs);
    parameter += kernelLength(stage) + stage.output[2];
    inputs = sums.map(({ name }) => `a_${name}`);
    return sums;
  });
}

function sumsOfStage(stage: Convolution, n: number, parameter: number, inputs: readonly string[]): Sum[] {
  const [, inputWidth, channels] = stage.input;
  const [, width, filters] = stage.output;
  return Array.from({ length: length(stage.output) }, (_, k) => {
    const o = k % filters;
    const j = Math.floor(k / filters) % width;
    const i = Math.floor(k / filters / width);
    const products = Array.from({ length: kernelLength(stage) / filters }, (_, tap) => {
      const c = tap % channels;
      const q = Math.floor(tap / channels) % stage.size;
      const p = Math.floor(tap / channels / stage.size);
      const input = inputs[((i + p) * inputWidth + j + q) * channels + c]!;
      return [`weights[${parameter + tap * filters + o}]`, input] as const;
    });
    return {
      name: `${n}_${i}_${j}_${o}`,
      bias: `weights[${parameter + kernelLength(stage) + o}]`,
      products,
      activation: stage.activation,
    };
  });
}

function forwardStatements({ name, bias, products, activation }: Sum): string {
  const terms = products.map(([weight, input]) => `${weight} * ${input}`);
  const call = activation === 'tanh' ? 'tanhf' : 'atanf';
  return `  const float z_${name} = ${[bias, ...terms].join(' + ')};
  const float a_${name} = ${call}(z_${name});`;
}

/** Backward from the last sum to the first; a weight changes only after its last use. */
function backwardStatements(sums: readonly Sum[]): string {
  const termsOf = new Map<string, string[]>();
  const add = (to: string, term: string) => termsOf.set(to, [...(termsOf.get(to) ?? []), term]);
  const statements: string[] = [];
  for (const { name, bias, products, activation } of sums.toReversed()) {
    const terms = termsOf.get(`a_${name}`);
    if (terms) {
      statements.push(`  const float d_a_${name} = ${terms.join(' + ')};`);
    }
    const factor = activation === 'tanh' ? `* (1 - a_${name} * a_${name})` : `/ (1 + z_${name} * z_${name})`;
    statements.push(`  const float dz_${name} = d_a_${name} ${factor};`);
    add(bias, `dz_${name}`);
    for (const [weight, input] of products) {
      add(weight, `dz_${name} * ${input}`);
      add(input, `dz_${name} * ${weight}`);
    }
  }
  const updates = [...termsOf].filter(([to]) => to.startsWith('weights'));
  return [...statements, ...updates.map(([weight, terms]) => `  ${weight} -= rate * (${terms.join(' + ')});`)].join(
    '\n',
  );
}
