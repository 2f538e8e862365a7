import { losses } from '../../../generator/layers/losses/registry.ts';
import type { ExportCase } from '../onnx/exportCases.ts';

/** A small network for each loss and its ways, on vectors and on images. */
const cases: readonly (readonly [loss: object, activation: string])[] = [
  [{ type: 'squaredError' }, 'tanh'],
  [{ type: 'meanSquaredError', weights: [1, 2, 0.5, 3] }, 'tanh'],
  [{ type: 'meanAbsoluteError', reduction: 'sum' }, 'tanh'],
  [{ type: 'huber', delta: 0.3 }, 'linear'],
  [{ type: 'hinge', squared: true, zeroOne: true }, 'linear'],
  [{ type: 'hinge' }, 'tanh'],
  [{ type: 'poisson' }, 'softplus'],
  [{ type: 'binaryCrossentropy' }, 'sigmoid'],
  [{ type: 'binaryCrossentropy', fromLogits: true }, 'linear'],
  [{ type: 'binaryCrossentropy', epsilon: 0.01 }, 'sigmoid'],
  [{ type: 'binaryCrossentropy', epsilon: 1e-7 }, 'sigmoid'],
  [{ type: 'categoricalCrossentropy', labelSmoothing: 0.1 }, 'softmax'],
  [{ type: 'categoricalCrossentropy', fromLogits: true, classWeights: [1, 2, 3, 4], reduction: 'mean' }, 'linear'],
  [{ type: 'categoricalCrossentropy' }, 'logSoftmax'],
  [{ type: 'sparseCategoricalCrossentropy', ignoreClass: 1, reduction: 'mean' }, 'softmax'],
  [{ type: 'sparseCategoricalCrossentropy', fromLogits: true, ignoreClass: 255 }, 'linear'],
  [{ type: 'negativeLogLikelihood', classWeights: [1, 2, 3, 4] }, 'logSoftmax'],
  [{ type: 'categoricalCrossentropy', fromProbabilities: true }, 'sigmoid'],
  [{ type: 'sparseCategoricalCrossentropy', fromProbabilities: true, reduction: 'mean' }, 'softplus'],
  [{ type: 'binaryCrossentropy', fromProbabilities: true }, 'hardSigmoid'],
  [{ type: 'meanAbsolutePercentageError' }, 'tanh'],
  [{ type: 'meanSquaredLogarithmicError' }, 'linear'],
  [{ type: 'logCosh' }, 'linear'],
  [{ type: 'squaredHinge', zeroOne: true }, 'linear'],
  [{ type: 'categoricalHinge' }, 'linear'],
  [{ type: 'kullbackLeiblerDivergence' }, 'sigmoid'],
  [{ type: 'cosineProximity', reduction: 'sum' }, 'linear'],
  [{ type: 'cosineDistance' }, 'tanh'],
];

export const lossCases: readonly ExportCase[] = cases.flatMap(([loss, activation]) => {
  const dense = { type: 'dense', units: 4, activation };
  const convolution = { type: 'conv2d', filters: 4, kernelSize: 2, activation };
  const image =
    'weights' in loss
      ? []
      : [{ name: `${JSON.stringify(loss)} over places`, spec: { input: [3, 3, 2], layers: [convolution], loss } }];
  return [{ name: JSON.stringify(loss), spec: { input: [3], layers: [dense], loss } }, ...image];
});

/** Losses that no case names. */
export function lossesWithoutCase(): readonly string[] {
  const named = new Set(cases.map(([loss]) => (loss as { type: string }).type));
  return Object.keys(losses).filter((name) => !named.has(name));
}
