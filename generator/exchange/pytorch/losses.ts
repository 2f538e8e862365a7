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
  meanAbsolutePercentageError: (o) => elementwise(o, '100 * (y - t).abs() / t.abs().clamp_min(1e-7)'),
  meanSquaredLogarithmicError: (o) =>
    elementwise(o, '(y.clamp_min(1e-7).log1p() - t.clamp_min(1e-7).log1p()).square()'),
  huber: (o) => elementwise(o, `F.huber_loss(y, t, reduction='none', delta=${o.delta})`),
  logCosh: (o) => elementwise(o, `y - t + F.softplus(-2 * (y - t)) - ${Math.LN2}`),
  hinge: (o) => elementwise(o, `${margin(o)}${o.squared ? '.square()' : ''}`),
  squaredHinge: (o) => elementwise(o, `${margin(o)}.square()`),
  poisson: (o) => elementwise(o, `y - t * (y + ${o.epsilon}).log()`),
  binaryCrossentropy: (o) => {
    if (o.fromLogits) return elementwise(o, "F.binary_cross_entropy_with_logits(y, t, reduction='none')");
    if (o.fromProbabilities) {
      const [p, ...more] = elementwise(o, "F.binary_cross_entropy(y, t, reduction='none')");
      return [p!, 'y = y.clamp(1e-7, 1 - 1e-7)', ...more];
    }
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
  categoricalHinge: (o) => ofPlaces(o, 'F.relu(1 + ((1 - t) * y).amax(-1) - (t * y).sum(-1))'),
  kullbackLeiblerDivergence: (o) => ofPlaces(o, '(t * (t.clamp(1e-7, 1) / y.clamp(1e-7, 1)).log()).sum(-1)'),
  cosineProximity: (o) => {
    const length = (of: string): string => `${of}.square().sum(-1).clamp_min(1e-7).sqrt()`;
    return ofPlaces(o, `-(t * y).sum(-1) / (${length('t')} * ${length('y')})`);
  },
  cosineDistance: (o) => {
    const weights = o.weights && `torch.tensor([${o.weights.join(', ')}], dtype=y.dtype).reshape(y.shape[1:-1]) * `;
    return ofPlaces(o, `${weights ?? ''}(1 - (t * y).sum(-1))`);
  },
};

function margin({ zeroOne }: { readonly zeroOne: boolean }): string {
  return `F.relu(1 - ${zeroOne ? '(2 * t - 1)' : 't'} * y)`;
}

/** A value for each place, along the last axis. */
function ofPlaces({ reduction }: { readonly reduction: string }, value: string): readonly string[] {
  return ['t = t.reshape(y.shape)', `return (${value}).reshape(len(y), -1).${reduction}(1).mean()`];
}

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

function logarithm(
  o: { readonly fromLogits?: boolean; readonly fromProbabilities?: boolean },
  isLogarithm: boolean,
): string {
  if (o.fromLogits) return 'torch.log_softmax(y, -1)';
  if (o.fromProbabilities) return '(y / y.sum(-1, keepdim=True)).clamp(1e-7, 1 - 1e-7).log()';
  return isLogarithm ? 'y' : 'y.clamp_min(1e-38).log()';
}

/** The body of `loss(y, t)`; undefined where the network has no loss. */
export function lossLines(network: ShapedNetwork): readonly string[] | undefined {
  if (network.loss === undefined) return undefined;
  const output = network.shapes.at(-1)!;
  const last = network.layers.at(-1)!.options;
  const o = network.lossOptions as { readonly fromLogits?: boolean; readonly fromProbabilities?: boolean };
  const isLogarithm = 'activation' in last && last.activation === 'logSoftmax';
  const places = output.slice(0, -1).reduce((product, size) => product * size, 1);
  // The options belong to the loss that they stand beside.
  return (losses[network.loss] as (options: unknown, terms: Terms) => readonly string[])(o, {
    classes: output.at(-1)!,
    places,
    logP: logarithm(o, isLogarithm),
  });
}
