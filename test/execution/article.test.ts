import { expect, it } from 'vitest';
import { trainArticle } from '../../examples/article.ts';
import { createModel } from '../../generated/article.ts';
import { convolve, type Matrix, pad, rotate, rowsOf, zip } from './convolution.ts';

/** The first kernel, the second and the weights of the dense layer, in the colours of the article. */
interface Weights {
  readonly blue: Matrix;
  readonly red: Matrix;
  readonly green: Matrix;
}

/** The images and targets of examples/article.ts, whose costs are compared as well. */
const samples = [
  { target: 0.8, image: '1111 1111 1111 1111' },
  { target: -0.6, image: '1000 1000 1000 1000' },
  { target: 0.4, image: '1000 0100 0010 0001' },
  { target: -0.2, image: '0001 0010 0100 1000' },
].map(({ target, image }) => ({ target, image: image.split(' ').map((row) => [...row].map(Number)) }));

const epochs = 200;
const rate = 0.1;

/** The output, and what the gradients need. */
function forward({ blue, red, green }: Weights, x: Matrix) {
  const a1 = convolve(x, blue).map((row) => row.map(Math.tanh));
  const z2 = convolve(a1, red);
  const a2 = z2.map((row) => row.map(Math.atan));
  const y = Math.tanh(
    zip(a2, green, (a, w) => a * w)
      .flat()
      .reduce((sum, term) => sum + term, 0),
  );
  return { a1, z2, a2, y };
}

/** ½(y − t)² and its gradients, each a convolution as the article derives it. */
function backward(weights: Weights, x: Matrix, target: number): Weights & { readonly loss: number } {
  const { a1, z2, a2, y } = forward(weights, x);
  const k = y - target;
  const dz3 = k * (1 - y * y);
  const green = a2.map((row) => row.map((a) => dz3 * a));
  const da2 = weights.green.map((row) => row.map((w) => dz3 * w));
  const dz2 = zip(da2, z2, (d, z) => d / (1 + z * z));
  // The gradient of a kernel: the convolution of its input with the rotated dz, rotated back.
  const red = rotate(convolve(a1, rotate(dz2)));
  // The gradient of its input: the weights, padded so that dz touches each in every way, convolved likewise.
  const da1 = rotate(convolve(pad(weights.red, dz2.length - 1), rotate(dz2)));
  const dz1 = zip(da1, a1, (d, a) => d * (1 - a * a));
  return { blue: rotate(convolve(x, rotate(dz1))), red, green, loss: k ** 2 / 2 };
}

const flat = ({ blue, red, green }: Weights): number[] => [blue, red, green].flat(2);

const weightsOf = (parameters: ArrayLike<number>): Weights => {
  const rows = rowsOf(parameters, 2);
  return { blue: rows.slice(0, 2), red: rows.slice(2, 4), green: rows.slice(4, 6) };
};

const descend = (weights: Weights, gradients: Weights): Weights =>
  weightsOf(flat(weights).map((w, n) => w - rate * flat(gradients)[n]!));

it('trains as the convolutions of the article do, written by hand', () => {
  const model = createModel();
  model.initialize(1);
  let weights = weightsOf(model.parameters);
  for (let epoch = 0; epoch < epochs; epoch++) {
    for (const { image, target } of samples) {
      const byHand = backward(weights, image, target);
      expect(Math.abs(model.forward(image.flat())[0]! - forward(weights, image).y)).toBeLessThan(1e-9);
      expect(Math.abs(model.backward([target]) - byHand.loss)).toBeLessThan(1e-9);
      model.step(rate);
      weights = descend(weights, byHand);
    }
  }
  for (const [n, w] of flat(weights).entries()) expect(Math.abs(model.parameters[n]! - w)).toBeLessThan(1e-9);
  const cost = samples.reduce((sum, { image, target }) => sum + (forward(weights, image).y - target) ** 2 / 2, 0);
  expect(Math.abs(trainArticle().costs.at(-1)! - cost)).toBeLessThan(1e-9);
});
