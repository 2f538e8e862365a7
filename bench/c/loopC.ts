import {
  type Activation,
  type Convolution,
  isPool,
  kernelLength,
  length,
  type NetworkSpec,
  type Pool,
  type Stage,
  stagesOf,
} from '../core/network.ts';

/**
 * How a kernel lies in memory. With filters last, as in the spec, neighbouring outputs read neighbouring weights and
 * gcc computes them side by side; with filters first it would have to reorder a sum, which only -ffast-math allows.
 */
export type KernelOrder = 'filtersLast' | 'filtersFirst';

export interface LoopOptions {
  readonly kernels: KernelOrder;
  /**
   * Behind a max pool all of a gradient but the winners' places is zero. Then the loops visit only the winners, as one
   * who writes C for such a network would have them do.
   */
  readonly sparse?: boolean;
}

/**
 * Writes the network as plain nested loops in C: float32, constant shapes, channels last, padding as zeros
 * around the buffers, one sum for each output. `x<n>` is what stage n reads, `d<n>` the gradient of the loss by it.
 */
export function loopC(spec: NetworkSpec, { kernels, sparse = false }: LoopOptions): string {
  const stages = stagesOf(spec);
  const names = stages.map((_, n) => n);
  return [
    lengths(spec, stages),
    parameterStruct(stages, kernels),
    ...buffers(stages),
    ...stages.map((stage, n) => (isPool(stage) ? poolForward(stage, n, stages) : convolutionForward(stage, n, stages))),
    ...stages.map((stage, n) =>
      isPool(stage)
        ? poolBackward(stage, n, stages)
        : sparse && isPool(stages[n + 1] ?? stage)
          ? winnersBackward(stage, n, stages)
          : convolutionBackward(stage, n, stages),
    ),
    lossGradient(spec),
    `static __attribute__((noinline)) void forward(const float *input) {
${copyInput(stages[0]!)}
${names.map((n) => `  forward${n}();`).join('\n')}
}`,
    `static __attribute__((noinline)) void backward(const float *target) {
  loss_gradient(target);
${names.map((n) => `  backward${stages.length - 1 - n}();`).join('\n')}
}`,
    TRAIN,
  ].join('\n\n');
}

const TRAIN = `static void train(float (*inputs)[INPUT_LENGTH], float (*targets)[OUTPUT_LENGTH], int batch, float rate) {
  for (int n = 0; n < batch; n++) {
    forward(inputs[n]);
    backward(targets[n]);
  }
  float *w = (float *)&weights, *g = (float *)&gradients;
  for (int k = 0; k < PARAMETER_COUNT; k++) {
    w[k] -= rate / batch * g[k];
    g[k] = 0;
  }
}`;

function lengths(spec: NetworkSpec, stages: Stage[]): string {
  return `#define INPUT_LENGTH ${length(spec.input)}
#define OUTPUT_LENGTH ${length(stages.at(-1)!.output)}
#define PARAMETER_COUNT ((int)(sizeof weights / sizeof(float)))`;
}

function parameterStruct(stages: Stage[], order: KernelOrder): string {
  const members = stages.flatMap((stage, n) => {
    const [, , filters] = stage.output;
    const window = `[${stage.size}][${stage.size}][${stage.input[2]}]`;
    const kernel = order === 'filtersLast' ? `${window}[${filters}]` : `[${filters}]${window}`;
    return isPool(stage) ? [] : [`  float w${n}${kernel}, b${n}[${filters}];`];
  });
  return `#define AT ${order === 'filtersLast' ? '[p][q][c][o]' : '[o][p][q][c]'}
static struct {\n${members.join('\n')}\n} weights, gradients;`;
}

function buffers(stages: Stage[]): string[] {
  const read = stages.map(({ input: [height, width, channels], pad }, n) => {
    const shape = `[${height + 2 * pad}][${width + 2 * pad}][${channels}]`;
    return `static float x${n}${shape}, d${n}${shape};`;
  });
  // What atan′ needs is not in its output.
  const kept = stages.flatMap((stage, n) =>
    !isPool(stage) && stage.activation === 'atan'
      ? [`static float z${n}[${stage.output[0]}][${stage.output[1]}][${stage.output[2]}];`]
      : [],
  );
  const last = `static float output[OUTPUT_LENGTH], d_output[OUTPUT_LENGTH];\nstatic volatile float loss;`;
  return [[...read, ...kept, last].join('\n')];
}

/** Where stage n writes: the inside of what the next stage reads, seen flat if a flatten lies between. */
function target(stage: Stage, n: number, stages: Stage[], buffer: 'x' | 'd'): string {
  const [, width, channels] = stage.output;
  const next = stages[n + 1];
  if (next === undefined) {
    return `${buffer === 'x' ? 'output' : 'd_output'}[o]`;
  }
  const flattened = next.type === 'dense' && stage.type !== 'dense';
  return flattened
    ? `${buffer}${n + 1}[0][0][(i * ${width} + j) * ${channels} + o]`
    : `${buffer}${n + 1}[i + ${next.pad}][j + ${next.pad}][o]`;
}

function convolutionForward(stage: Convolution, n: number, stages: Stage[]): string {
  const [height, width, filters] = stage.output;
  return `static void forward${n}(void) {
  for (int i = 0; i < ${height}; i++)
    for (int j = 0; j < ${width}; j++)
      for (int o = 0; o < ${filters}; o++) {
        float z = weights.b${n}[o];
        for (int p = 0; p < ${stage.size}; p++)
          for (int q = 0; q < ${stage.size}; q++)
            for (int c = 0; c < ${stage.input[2]}; c++)
              z += x${n}[i + p][j + q][c] * weights.w${n} AT;
        ${target(stage, n, stages, 'x')} = ${activated[stage.activation]};${stage.activation === 'atan' ? `\n        z${n}[i][j][o] = z;` : ''}
      }${stage.activation === 'softmax' ? softmaxOfOutput : ''}
}`;
}

/** Each activation of z; softmax comes after the loop, over all outputs. */
const activated: Record<Activation, string> = {
  relu: 'z > 0 ? z : 0',
  tanh: 'tanhf(z)',
  atan: 'atanf(z)',
  softmax: 'z',
};

const softmaxOfOutput = `
  float top = output[0], sum = 0;
  for (int o = 1; o < OUTPUT_LENGTH; o++) top = output[o] > top ? output[o] : top;
  for (int o = 0; o < OUTPUT_LENGTH; o++) sum += output[o] = expf(output[o] - top);
  for (int o = 0; o < OUTPUT_LENGTH; o++) output[o] /= sum;`;

/** Each activation's derivative from its output a; for softmax it is already in the loss gradient. */
function derivative(activation: Activation, n: number): string {
  const derivatives: Record<Activation, string> = {
    relu: 'a > 0 ? d : 0',
    tanh: 'd * (1 - a * a)',
    atan: `d / (1 + z${n}[i][j][o] * z${n}[i][j][o])`,
    softmax: 'd',
  };
  return derivatives[activation];
}

function convolutionBackward(stage: Convolution, n: number, stages: Stage[]): string {
  const [height, width, filters] = stage.output;
  // Nobody asks for the gradient by the network's input.
  const first = n === 0;
  const readsOutput = stage.activation === 'relu' || stage.activation === 'tanh';
  return `static void backward${n}(void) {
${first ? '' : `  memset(d${n}, 0, sizeof d${n});\n`}  for (int i = 0; i < ${height}; i++)
    for (int j = 0; j < ${width}; j++) {
      float dz[${filters}];
      for (int o = 0; o < ${filters}; o++) {
        const float d = ${target(stage, n, stages, 'd')};
${readsOutput ? `        const float a = ${target(stage, n, stages, 'x')};\n` : ''}        dz[o] = ${derivative(stage.activation, n)};
        gradients.b${n}[o] += dz[o];
      }
      for (int p = 0; p < ${stage.size}; p++)
        for (int q = 0; q < ${stage.size}; q++)
          for (int c = 0; c < ${stage.input[2]}; c++) {
            const float x = x${n}[i + p][j + q][c];
            for (int o = 0; o < ${filters}; o++) gradients.w${n} AT += dz[o] * x;${first ? '' : sumOfInputGradient(n, filters)}
          }
    }
}`;
}

/**
 * As `convolutionBackward` for a convolution with relu before a max pool: the pool has left the gradient at its
 * winners, and only those that relu lets through do anything.
 */
function winnersBackward(stage: Convolution, n: number, stages: Stage[]): string {
  const [height, width, filters] = stage.output;
  const first = n === 0;
  return `static void backward${n}(void) {
${first ? '' : `  memset(d${n}, 0, sizeof d${n});\n`}  for (int i = 0; i < ${height}; i++)
    for (int j = 0; j < ${width}; j++)
      for (int o = 0; o < ${filters}; o++) {
        const float d = ${target(stage, n, stages, 'd')};
        if (d == 0) continue;
        const float a = ${target(stage, n, stages, 'x')};
        const float dz = ${derivative(stage.activation, n)};
        if (dz == 0) continue;
        gradients.b${n}[o] += dz;
        for (int p = 0; p < ${stage.size}; p++)
          for (int q = 0; q < ${stage.size}; q++)
            for (int c = 0; c < ${stage.input[2]}; c++) {
              gradients.w${n} AT += dz * x${n}[i + p][j + q][c];${first ? '' : `\n              d${n}[i + p][j + q][c] += dz * weights.w${n} AT;`}
            }
      }
}`;
}

function sumOfInputGradient(n: number, filters: number): string {
  return `
            float dx = 0;
            for (int o = 0; o < ${filters}; o++) dx += dz[o] * weights.w${n} AT;
            d${n}[i + p][j + q][c] += dx;`;
}

function poolForward(stage: Pool, n: number, stages: Stage[]): string {
  const [height, width, channels] = stage.output;
  const { size } = stage;
  return `static void forward${n}(void) {
  for (int i = 0; i < ${height}; i++)
    for (int j = 0; j < ${width}; j++)
      for (int o = 0; o < ${channels}; o++) {
        float best = x${n}[i * ${size}][j * ${size}][o];
        for (int p = 0; p < ${size}; p++)
          for (int q = 0; q < ${size}; q++) {
            const float x = x${n}[i * ${size} + p][j * ${size} + q][o];
            best = x > best ? x : best;
          }
        ${target(stage, n, stages, 'x')} = best;
      }
}`;
}

/** The first winner takes the gradient. */
function poolBackward(stage: Pool, n: number, stages: Stage[]): string {
  const [height, width, channels] = stage.output;
  const { size } = stage;
  return `static void backward${n}(void) {
  memset(d${n}, 0, sizeof d${n});
  for (int i = 0; i < ${height}; i++)
    for (int j = 0; j < ${width}; j++)
      for (int o = 0; o < ${channels}; o++) {
        int row = i * ${size}, column = j * ${size};
        for (int p = 0; p < ${size}; p++)
          for (int q = 0; q < ${size}; q++)
            if (x${n}[i * ${size} + p][j * ${size} + q][o] > x${n}[row][column][o]) {
              row = i * ${size} + p;
              column = j * ${size} + q;
            }
        d${n}[row][column][o] = ${target(stage, n, stages, 'd')};
      }
}`;
}

function lossGradient(spec: NetworkSpec): string {
  const term = spec.loss === 'squaredError' ? 'd * d / 2' : '-target[o] * logf(output[o])';
  return `static void loss_gradient(const float *target) {
  float sum = 0;
  for (int o = 0; o < OUTPUT_LENGTH; o++) {
    const float d = output[o] - target[o];
    sum += ${term};
    d_output[o] = d;
  }
  loss = sum;
}`;
}

function copyInput(first: Stage): string {
  const [height, width, channels] = first.input;
  return `  for (int i = 0; i < ${height}; i++)
    for (int j = 0; j < ${width}; j++)
      for (int c = 0; c < ${channels}; c++) x0[i + ${first.pad}][j + ${first.pad}][c] = input[(i * ${width} + j) * ${channels} + c];`;
}

/** For each parameter in the order of the C struct, its place in the order of the spec. */
export function parameterPlaces(spec: NetworkSpec, order: KernelOrder): number[] {
  const places: number[] = [];
  for (const stage of stagesOf(spec)) {
    if (isPool(stage)) continue;
    const filters = stage.output[2];
    const taps = kernelLength(stage) / filters;
    const offset = places.length;
    for (let k = 0; k < taps * filters; k++) {
      places.push(offset + (order === 'filtersLast' ? k : (k % taps) * filters + Math.floor(k / taps)));
    }
    for (let o = 0; o < filters; o++) places.push(offset + taps * filters + o);
  }
  return places;
}
