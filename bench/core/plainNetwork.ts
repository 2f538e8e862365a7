import { type Convolution, isPool, kernelLength, length, type NetworkSpec, type Pool, stagesOf } from './network.ts';

/** The network as plain nested loops in float64: how one would write it by hand, and what all others must equal. */
export interface PlainNetwork {
  readonly parameters: Float64Array;
  readonly gradients: Float64Array;
  forward(input: ArrayLike<number>): Float64Array;
  /** Adds to `gradients`; returns the loss. */
  backward(target: ArrayLike<number>): number;
  /** parameters −= rate·gradients; gradients = 0. */
  step(rate: number): void;
}

/** A stage with its buffers; `x` and `dx` are the `y` and `dy` of the stage before. */
interface Place {
  readonly x: Float64Array;
  readonly dx: Float64Array;
  readonly y: Float64Array;
  readonly dy: Float64Array;
}
interface Part {
  forward(): void;
  backward(): void;
}

/** Lays the network out; `parameters` are copied. */
export function plainNetwork(spec: NetworkSpec, initial: ArrayLike<number>): PlainNetwork {
  const parameters = Float64Array.from(initial);
  const gradients = new Float64Array(parameters.length);
  const input = new Float64Array(length(spec.input));
  const parts: Part[] = [];
  let [y, dy] = [input, new Float64Array(input.length)];
  let offset = 0;
  for (const stage of stagesOf(spec)) {
    const size = length(stage.output);
    const place = { x: y, dx: dy, y: new Float64Array(size), dy: new Float64Array(size) };
    if (isPool(stage)) parts.push(poolPart(stage, place));
    else {
      const count = kernelLength(stage) + stage.output[2];
      const own = [parameters, gradients].map((all) => all.subarray(offset, offset + count)) as [
        Float64Array,
        Float64Array,
      ];
      parts.push(convolutionPart(stage, place, ...own));
      offset += count;
    }
    ({ y, dy } = place);
  }
  const [output, dOutput] = [y, dy];
  return {
    parameters,
    gradients,
    forward(sample) {
      input.set(sample);
      for (const part of parts) part.forward();
      return output;
    },
    backward(target) {
      // Softmax with cross-entropy and ½Σ(y − t)² have the same derivative: by z there, by y here.
      for (let o = 0; o < output.length; o++) dOutput[o] = output[o]! - target[o]!;
      for (let n = parts.length - 1; n >= 0; n--) parts[n]!.backward();
      return lossOf(spec, output, target);
    },
    step(rate) {
      for (let k = 0; k < parameters.length; k++) parameters[k]! -= rate * gradients[k]!;
      gradients.fill(0);
    },
  };
}

function lossOf({ loss }: NetworkSpec, output: ArrayLike<number>, target: ArrayLike<number>): number {
  let total = 0;
  for (let o = 0; o < output.length; o++) {
    const [y, t] = [output[o]!, target[o]!];
    if (loss === 'squaredError') total += (y - t) ** 2 / 2;
    else if (t !== 0) total -= t * Math.log(y);
  }
  return total;
}

function convolutionPart(stage: Convolution, place: Place, weights: Float64Array, dWeights: Float64Array): Part {
  const { y, dy } = place;
  const z = new Float64Array(y.length);
  const bias = kernelLength(stage);
  const filters = stage.output[2];
  return {
    forward() {
      for (let k = 0; k < z.length; k++) z[k] = weights[bias + (k % filters)]!;
      addTaps(stage, place.x, weights, z);
      activate[stage.activation](z, y);
    },
    backward() {
      for (let k = 0; k < z.length; k++) {
        dy[k]! *= slope[stage.activation](z[k]!, y[k]!);
        dWeights[bias + (k % filters)]! += dy[k]!;
      }
      place.dx.fill(0);
      addTapGradients(stage, place, weights, dWeights);
    },
  };
}

/** z[i,j,o] += Σ_{p,q,c} W[p,q,c,o]·x[i+p−pad,j+q−pad,c]; what would be read outside x does not exist. */
function addTaps({ size, pad, input, output }: Convolution, x: Float64Array, W: Float64Array, z: Float64Array): void {
  const [inHeight, inWidth, channels] = input;
  const [height, width, filters] = output;
  for (let i = 0; i < height; i++)
    for (let j = 0; j < width; j++)
      for (let p = Math.max(0, pad - i); p < Math.min(size, inHeight + pad - i); p++)
        for (let q = Math.max(0, pad - j); q < Math.min(size, inWidth + pad - j); q++)
          for (let c = 0; c < channels; c++) {
            const value = x[((i + p - pad) * inWidth + j + q - pad) * channels + c]!;
            const tap = ((p * size + q) * channels + c) * filters;
            const to = (i * width + j) * filters;
            for (let o = 0; o < filters; o++) z[to + o]! += W[tap + o]! * value;
          }
}

/** dW[p,q,c,o] += dz[i,j,o]·x[…] and dx[…] += dz[i,j,o]·W[p,q,c,o] for every tap of `addTaps`; dz lies in `dy`. */
function addTapGradients(
  { size, pad, input, output }: Convolution,
  { x, dx, dy }: Place,
  W: Float64Array,
  dW: Float64Array,
): void {
  const [inHeight, inWidth, channels] = input;
  const [height, width, filters] = output;
  for (let i = 0; i < height; i++)
    for (let j = 0; j < width; j++)
      for (let p = Math.max(0, pad - i); p < Math.min(size, inHeight + pad - i); p++)
        for (let q = Math.max(0, pad - j); q < Math.min(size, inWidth + pad - j); q++)
          for (let c = 0; c < channels; c++) {
            const from = ((i + p - pad) * inWidth + j + q - pad) * channels + c;
            const tap = ((p * size + q) * channels + c) * filters;
            const to = (i * width + j) * filters;
            let sum = 0;
            for (let o = 0; o < filters; o++) {
              dW[tap + o]! += dy[to + o]! * x[from]!;
              sum += dy[to + o]! * W[tap + o]!;
            }
            dx[from]! += sum;
          }
}

type Activation = Convolution['activation'];

const elementwise = (f: (z: number) => number) => (z: Float64Array, y: Float64Array) => {
  for (let k = 0; k < z.length; k++) y[k] = f(z[k]!);
};

const activate: Record<Activation, (z: Float64Array, y: Float64Array) => void> = {
  relu: elementwise((z) => (z > 0 ? z : 0)),
  tanh: elementwise(Math.tanh),
  atan: elementwise(Math.atan),
  softmax(z, y) {
    const top = z.reduce((a, b) => Math.max(a, b));
    for (let k = 0; k < z.length; k++) y[k] = Math.exp(z[k]! - top);
    const total = y.reduce((a, b) => a + b);
    for (let k = 0; k < z.length; k++) y[k]! /= total;
  },
};

/** ∂y/∂z; for softmax it is in the derivative of the loss already. */
const slope: Record<Activation, (z: number, y: number) => number> = {
  relu: (z) => (z > 0 ? 1 : 0),
  tanh: (_, y) => 1 - y * y,
  atan: (z) => 1 / (1 + z * z),
  softmax: () => 1,
};

function poolPart(stage: Pool, { x, dx, y, dy }: Place): Part {
  const { size } = stage;
  const inWidth = stage.input[1];
  const [height, width, channels] = stage.output;
  /** The first of the largest places, in row-major order. */
  const winner = (i: number, j: number, c: number): number => {
    let best = (i * size * inWidth + j * size) * channels + c;
    for (let p = 0; p < size; p++)
      for (let q = 0; q < size; q++) {
        const at = ((i * size + p) * inWidth + j * size + q) * channels + c;
        if (x[at]! > x[best]!) best = at;
      }
    return best;
  };
  const forEachPlace = (visit: (to: number, from: number) => void): void => {
    for (let i = 0; i < height; i++)
      for (let j = 0; j < width; j++)
        for (let c = 0; c < channels; c++) visit((i * width + j) * channels + c, winner(i, j, c));
  };
  return {
    forward: () => forEachPlace((to, from) => (y[to] = x[from]!)),
    backward() {
      dx.fill(0);
      forEachPlace((to, from) => (dx[from] = dy[to]!));
    },
  };
}
