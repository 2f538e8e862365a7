import { activationOf, activationParameters } from '../layers/options.ts';
import type { LayerKind } from '../layers/registry.ts';
import { show } from './show.ts';

/** What is known of a layer that may use another's weights, or be that other. */
export interface Sharer {
  readonly type: LayerKind | undefined;
  readonly name: string | undefined;
  readonly weightsOf: string | undefined;
  readonly options: Readonly<Record<string, unknown>> | undefined;
}

/** What is wrong with a `weightsOf`, and what would be right. */
export interface Fault {
  readonly found: string;
  readonly expected: string;
}

/** The layer whose weights another uses, or why it cannot. Whether the weights fit its input is a question of shapes. */
export function ownerOf(sharer: Sharer, earlier: readonly Sharer[]): Sharer | Fault {
  const { type, weightsOf } = sharer;
  const name = show(weightsOf);
  const owners = earlier.filter((one) => one.type === type && one.weightsOf === undefined);
  const names = owners.map((one) => one.name).join(', ');
  const owner = earlier.find((one) => one.name === weightsOf);
  if (owner === undefined || owner === sharer) {
    const expected =
      names === '' ? `expected an earlier layer ${type}; there is none` : `expected an earlier layer (${names})`;
    return { found: owner === sharer ? `${name}, the layer itself` : name, expected };
  }
  if (owner.type !== type) {
    const kind = owner.type === undefined ? 'whose type is not known' : `a ${owner.type}`;
    return { found: `${name}, ${kind}`, expected: `expected an earlier layer of the same type, ${type}` };
  }
  if (owner.weightsOf !== undefined) {
    return {
      found: `${name}, which itself has the weights of ${show(owner.weightsOf)}`,
      expected: `expected the layer that they belong to: ${show(owner.weightsOf)}`,
    };
  }
  return owner;
}

/** A layer that a batch normalises keeps that one's means and variances where its weights are: two layers have two of them. */
export function sharesStatistics(
  weightsOf: string,
  owner: Readonly<Record<string, unknown>>,
  whole: Readonly<Record<string, unknown>>,
): Fault | undefined {
  if (owner.statistics !== 'batch' && whole.statistics !== 'batch') return undefined;
  return {
    found: `${show(weightsOf)} in a layer with the statistics of the batch`,
    expected: "expected a layer of its own, or both with statistics 'moving'",
  };
}

export function isFault(found: Sharer | Fault): found is Fault {
  return 'found' in found;
}

/** The options of the owner, except where the layer states its own; another activation comes without the first one's numbers. */
export function inherited(
  options: Readonly<Record<string, unknown>>,
  own: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  if (own.activation === undefined) return { ...options, ...own };
  const activation = activationOf(options);
  const stray = new Set<string>((activation && activationParameters[activation]) ?? []);
  const kept = Object.entries(options).filter(([key]) => !stray.has(key));
  return { ...Object.fromEntries(kept), ...own };
}
