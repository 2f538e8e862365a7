import { type LossName, losses, lossOf } from '../layers/losses/registry.ts';
import type { ActivationName } from '../layers/options.ts';
import { keysOf } from '../lists.ts';
import type { Draft } from './layerDraft.ts';
import type { Network } from './network.ts';
import { parseTyped } from './parseTyped.ts';
import { check, type Fields, field, isRecord, type Report } from './report.ts';
import { definitionOf, lossNameSchema, lossSchemas } from './schema.ts';
import { type Path, show } from './show.ts';

export interface TypedLoss {
  readonly type: LossName;
  readonly options: Network['lossOptions'];
}

/** The loss and its options with their defaults; undefined where the spec names none, or a wrong one. */
export function parseLoss(value: unknown, report: Report, path: Path = ['loss']): TypedLoss | undefined {
  if (value === undefined) return undefined;
  if (!isRecord(value)) {
    const name = check(lossNameSchema, value, path, report);
    return name && parseLoss({ type: name }, report, path);
  }
  const parsed = parseTyped(value, 'loss', lossSchemas, report, path);
  // The options were checked against the schema of the type.
  return parsed && { type: parsed.type, options: parsed.options as Network['lossOptions'] };
}

/** The activations that a loss with these options is defined for; undefined where any will do. */
function activationsOf(type: LossName, options: Fields): readonly ActivationName[] | undefined {
  return lossOf(type).activations?.(options);
}

const lossesOfAnyOutput = keysOf(losses).filter((name) => activationsOf(name, {}) === undefined);

/** Refuses a loss that is only defined, or only stable, behind a certain activation; it looks through mere views. */
export function checkLoss(
  loss: TypedLoss | undefined,
  last: Draft | undefined,
  layers: readonly Draft[],
  path: Path,
  report: Report,
): void {
  const wanted = loss && activationsOf(loss.type, loss.options);
  if (loss === undefined || wanted === undefined || last?.options === undefined) return;
  const source = withoutViews(last, layers);
  if (source !== undefined && source.options === undefined) return;
  const activation = source?.options && field(source.options, 'activation');
  if (wanted.some((one) => one === activation)) return;
  const after = activation === undefined ? `a last layer ${last.type}` : `a last activation ${show(activation)}`;
  report(
    path,
    `${show(loss.type)} after ${after}`,
    `expected activation ${wanted.map(show).join(' or ')} in the last layer, fromLogits, fromProbabilities, or another loss (${lossesOfAnyOutput.join(', ')})`,
  );
}

/** The layer whose numbers a layer shows, perhaps in another shape; undefined where they are the network's input. */
function withoutViews(last: Draft, layers: readonly Draft[]): Draft | undefined {
  let layer: Draft | undefined = last;
  // A layer reads earlier ones alone, or has been reported.
  for (let n = layers.length; n > 0 && layer?.type !== undefined && definitionOf(layer.type).isView; n--) {
    const source: string | undefined = layer.inputs?.[0];
    layer = layers.find(({ name }) => name === source);
  }
  return layer;
}
