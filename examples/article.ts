/**
 * The article's network: two mathematical convolutions (their kernels turned by 180°), one dense unit, no biases,
 * twelve weights in all. It learns four 4×4 images by gradient descent, one image at a time.
 *
 *     npx tsx examples/article.ts
 */
import { createModel } from '../generated/article.ts';
import { isMain } from './isMain.ts';

/** A 4×4 image, and the number that the network should answer with. */
interface Sample {
  readonly name: string;
  readonly image: readonly number[];
  readonly target: number;
}

/** How the training went. */
export interface ArticleRun {
  /** The sum of ½(y − t)² over the four images: before training, then after each epoch. */
  readonly costs: readonly number[];
  readonly results: readonly { readonly name: string; readonly target: number; readonly output: number }[];
}

// Without biases and with odd activations the network is an odd function: a dark image could only ever give 0.
// So no image here is all zeros, and none is the negative of another.
const samples: readonly Sample[] = [
  { name: 'bright', target: 0.8, image: [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1] },
  { name: 'left edge', target: -0.6, image: [1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0] },
  { name: 'falling diagonal', target: 0.4, image: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1] },
  { name: 'rising diagonal', target: -0.2, image: [0, 0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0, 0] },
];

const epochs = 200;
const learningRate = 0.1;
const seed = 1;

/** Trains a fresh model for 200 epochs; the same numbers on every call. */
export function trainArticle(): ArticleRun {
  const model = createModel();
  model.initialize(seed);
  const outputOf = (sample: Sample): number => model.forward(sample.image)[0]!;
  const cost = (): number => samples.reduce((sum, sample) => sum + (outputOf(sample) - sample.target) ** 2 / 2, 0);

  const costs = [cost()];
  for (let epoch = 1; epoch <= epochs; epoch++) {
    for (const { image, target } of samples) {
      model.forward(image);
      model.backward([target]);
      model.step(learningRate);
    }
    costs.push(cost());
  }
  const results = samples.map((sample) => ({ name: sample.name, target: sample.target, output: outputOf(sample) }));
  return { costs, results };
}

/** The cost at every twentieth epoch, then each output beside its target. */
function printRun({ costs, results }: ArticleRun): void {
  for (let epoch = 0; epoch <= epochs; epoch += 20) {
    console.log(`epoch ${String(epoch).padStart(3)}   cost ${costs[epoch]!.toFixed(6)}`);
  }
  console.log();
  for (const { name, target, output } of results) {
    console.log(`${name.padEnd(16)}   target ${signed(target, 1)}   output ${signed(output, 4)}`);
  }
}

/** A number with room for its sign, so that columns line up. */
function signed(value: number, decimals: number): string {
  return value.toFixed(decimals).padStart(decimals + 3);
}

if (isMain(import.meta.url)) printRun(trainArticle());
