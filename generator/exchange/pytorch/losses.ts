import type { LossName, LossOptions } from '../../layers/losses/registry.ts';
import type { ShapedNetwork } from '../../spec/network.ts';

/** What a loss is written from. */
interface Terms {
  readonly classes: number;
  readonly places: number;
  /** The logarithms of the probabilities. */
  readonly logP: string;
}

type Write<K extends LossName> = (options: LossOptions[K], terms: Terms) => readonly string[];

/** The lines of `loss(y, t)`, channels last; each gives a number for each sample, whose mean is what `trainBatch` takes. */
const losses: { readonly [K in LossName]: Write<K> } = {
  squaredError: (o) => elementwise(o, '0.5 * (y - t).square()'),
  meanSquaredError: (o) => elementwise(o, '(y - t).square()'),
  meanAbsoluteError: (o) => elementwise(o, '(y - t).abs()'),
  huber: (o) => elementwise(o, `F.huber_loss(y, t, reduction='none', delta=${o.delta})`),
  hinge: (o) => elementwise(o, `F.relu(1 - ${o.zeroOne ? '(2 * t - 1)' : 't'} * y)${o.squared ? '.square()' : ''}`),
  poisson: (o) => elementwise(o, `y - t * (y + ${o.epsilon}).log()`),
  binaryCrossentropy: (o) => {
    if (o.fromLogits) return elementwise(o, "F.binary_cross_entropy_with_logits(y, t, reduction='none')");
    if (o.epsilon === undefined) return elementwise(o, "F.binary_cross_entropy(y, t, reduction='none')");
    return elementwise(o, `-t * (y + ${o.epsilon}).log() - (1 - t) * (1 - y + ${o.epsilon}).log()`);
  },
  categoricalCrossentropy: (o, terms) => {
    const s = o.labelSmoothing;
    const t = s === 0 ? [] : [`t = ${1 - s} * t + ${s / terms.classes}`];
    const byPlaces = o.classWeights === undefined && o.reduction === 'mean';
    return [...t, ...overClasses(o, terms.logP, byPlaces ? terms.places : undefined)];
  },
  sparseCategoricalCrossentropy: (o, terms) => [...classNumbers(o, terms), ...overClasses(o, terms.logP)],
  negativeLogLikelihood: (o, terms) => [...classNumbers(o, terms), ...overClasses(o, 'y')],
};

function elementwise(
  o: { readonly reduction: string; readonly weights?: readonly number[] | undefined },
  term: string,
): readonly string[] {
  const weights = o.weights === undefined ? '' : ` * torch.tensor([${o.weights.join(', ')}], dtype=y.dtype)`;
  return [
    'y, t = y.flatten(1), t.flatten(1)',
    `return (${weights === '' ? term : `(${term})${weights}`}).${o.reduction}(1).mean()`,
  ];
}

interface Classes {
  readonly reduction: string;
  readonly classWeights?: readonly number[] | undefined;
  readonly ignoreClass?: number | undefined;
}

/** Class numbers as a 1 among zeros; nothing where the class is ignored. */
function classNumbers({ ignoreClass }: Classes, { classes }: Terms): readonly string[] {
  const hot = `F.one_hot(t.reshape(y.shape[:-1]).long().clamp(0, ${classes - 1}), ${classes}).to(y.dtype)`;
  if (ignoreClass === undefined) return [`t = ${hot}`];
  return [`t = ${hot} * (t.reshape(y.shape[:-1]) != ${ignoreClass})[..., None]`];
}

function overClasses(o: Classes, logP: string, places?: number): readonly string[] {
  const weights =
    o.classWeights === undefined ? [] : [`t = t * torch.tensor([${o.classWeights.join(', ')}], dtype=y.dtype)`];
  const sum = `-(t * ${logP}).flatten(1).sum(1)`;
  if (places !== undefined) return [...weights, `return (${sum} / ${places}).mean()`];
  if (o.reduction === 'sum') return [...weights, `return (${sum}).mean()`];
  return [...weights, 'total = t.flatten(1).sum(1)', `return torch.where(total == 0, 0.0, ${sum} / total).mean()`];
}

/** The body of `loss(y, t)`; undefined where the network has no loss. */
export function lossLines(network: ShapedNetwork): readonly string[] | undefined {
  if (network.loss === undefined) return undefined;
  const output = network.shapes.at(-1)!;
  const last = network.layers.at(-1)!.options;
  const o = network.lossOptions as { readonly fromLogits?: boolean };
  const isLogarithm = 'activation' in last && last.activation === 'logSoftmax';
  const logP = o.fromLogits === true ? 'torch.log_softmax(y, -1)' : isLogarithm ? 'y' : 'y.clamp_min(1e-38).log()';
  const places = output.slice(0, -1).reduce((product, size) => product * size, 1);
  // The options belong to the loss that they stand beside.
  return (losses[network.loss] as (options: unknown, terms: Terms) => readonly string[])(o, {
    classes: output.at(-1)!,
    places,
    logP,
  });
}
