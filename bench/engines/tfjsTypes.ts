/** What is used of TensorFlow.js; its own types are there only where the benchmark's peers are installed. */

export interface Tensor {
  readonly shape: number[];
  dataSync(): Float32Array;
  dispose(): void;
  reshape(shape: readonly number[]): Tensor;
  add(other: Tensor | number): Tensor;
  sub(other: Tensor | number): Tensor;
  mul(other: Tensor | number): Tensor;
  div(other: Tensor | number): Tensor;
  square(): Tensor;
  sum(axis?: number): Tensor;
}

export interface Variable extends Tensor {
  assign(value: Tensor): void;
}

type Unary = (x: Tensor) => Tensor;
type Pair = readonly [number, number];
type Named = 'valid' | 'same';

type Convolution = (
  x: Tensor,
  kernel: Tensor,
  strides: number | Pair,
  pad: Named,
  format?: 'NHWC',
  dilations?: Pair,
) => Tensor;

export interface TensorFlow {
  setBackend(name: string): Promise<boolean>;
  tensor(values: ArrayLike<number>, shape: readonly number[]): Tensor;
  variable(initial: Tensor): Variable;
  keep(x: Tensor): Tensor;
  tidy<T>(work: () => T): T;
  readonly train: {
    sgd(rate: number): { minimize(f: () => Tensor, returnCost: boolean, variables: Variable[]): void; dispose(): void };
  };
  readonly losses: { softmaxCrossEntropy(target: Tensor, logits: Tensor): Tensor };
  readonly image: {
    resizeNearestNeighbor(x: Tensor, size: Pair, alignCorners?: boolean, halfPixelCenters?: boolean): Tensor;
    resizeBilinear(x: Tensor, size: Pair, alignCorners?: boolean, halfPixelCenters?: boolean): Tensor;
  };
  /** The gradients of a scalar. */
  valueAndGrads(f: (...xs: Tensor[]) => Tensor): (xs: Tensor[], dy?: Tensor) => { value: Tensor; grads: Tensor[] };

  matMul(a: Tensor, b: Tensor): Tensor;
  readonly conv2d: Convolution;
  readonly depthwiseConv2d: Convolution;
  conv2dTranspose(x: Tensor, kernel: Tensor, shape: readonly number[], strides: Pair, pad: Named): Tensor;
  maxPool(x: Tensor, size: number | Pair, strides: number | Pair, pad: Named): Tensor;
  avgPool(x: Tensor, size: Pair, strides: Pair, pad: Named): Tensor;
  batchNorm(x: Tensor, mean: Tensor, variance: Tensor, offset: Tensor, scale: Tensor, epsilon: number): Tensor;
  pad(x: Tensor, zeros: readonly Pair[], value?: number): Tensor;
  slice(x: Tensor, begin: readonly number[], size: readonly number[]): Tensor;
  reverse(x: Tensor, axes: readonly number[]): Tensor;
  concat(xs: readonly Tensor[], axis: number): Tensor;
  mean(x: Tensor, axes: readonly number[], keepDims?: boolean): Tensor;
  gather(x: Tensor, places: Tensor, axis: number): Tensor;
  tensor1d(values: readonly number[], type: 'int32' | 'float32'): Tensor;
  transpose(x: Tensor, axes: readonly number[]): Tensor;
  mirrorPad(x: Tensor, sides: readonly Pair[], mode: 'reflect' | 'symmetric'): Tensor;
  localResponseNormalization(x: Tensor, radius: number, bias: number, alpha: number, beta: number): Tensor;
  prelu(x: Tensor, alpha: Tensor): Tensor;
  maximum(a: Tensor, b: Tensor): Tensor;
  minimum(a: Tensor, b: Tensor): Tensor;
  readonly sqrt: Unary;
  readonly exp: Unary;
  readonly log: Unary;
  zeros(shape: readonly number[]): Tensor;
  onesLike: Unary;
  leakyRelu(x: Tensor, alpha: number): Tensor;
  step(x: Tensor, alpha?: number): Tensor;
  clipByValue(x: Tensor, low: number, high: number): Tensor;
  readonly relu: Unary;
  readonly relu6: Unary;
  readonly elu: Unary;
  readonly selu: Unary;
  readonly sigmoid: Unary;
  readonly tanh: Unary;
  readonly atan: Unary;
  readonly softplus: Unary;
  readonly softmax: Unary;
  readonly logSoftmax: Unary;
  readonly erf: Unary;
  readonly abs: Unary;
  readonly neg: Unary;
}
