import type { LossName, Network } from './network.ts';

/** A loss of a network, and the layer whose output it judges. */
export interface OutputLoss {
  readonly layer: string;
  readonly loss: LossName;
  readonly options: Network['lossOptions'];
  /** Its factor in the sum. */
  readonly weight: number;
}

/** The losses that a network's loss is the weighted sum of: none, one, or one for each output that has one. */
export function lossesOf({ loss, lossOptions, layers, outputs }: Network): readonly OutputLoss[] {
  const named = outputs ?? [{ name: layers.at(-1)?.name ?? '', loss, lossOptions, weight: 1 }];
  return named.flatMap(({ name, loss: one, lossOptions: options, weight }) =>
    one === undefined ? [] : [{ layer: name, loss: one, options, weight }],
  );
}

/** Whether `backward` takes targets and returns a loss. */
export function hasLoss(network: Network): boolean {
  return lossesOf(network).length > 0;
}

/** The losses in one line: `huber`, `digit: categoricalCrossentropy + 0.5·box: huber`. */
export function lossText(network: Network): string {
  if (network.outputs === undefined) return network.loss ?? '';
  const parts = lossesOf(network).map(
    ({ layer, loss, weight }) => `${weight === 1 ? '' : `${weight}·`}${loss} of ${layer}`,
  );
  return parts.join(' + ');
}
