import { coordinatesOf, type Tensor } from '../../equations/tensor.ts';
import type { CalledPass } from '../calledPass.ts';
import { policy } from '../policy.ts';
import { type Definition, type Element, forEachArray, forEachRead, targetOf } from './element.ts';
import type { Block } from './unroll.ts';

/** Definitions that will share a function, with the block each comes from. */
export interface Draft {
  readonly pass: CalledPass;
  readonly entries: readonly Entry[];
  /** Whole blocks one after the other, everything in locals. */
  readonly isWhole: boolean;
}

export interface Entry {
  readonly block: Block;
  readonly definition: Definition;
}

/** Distributes the definitions of one pass over functions. */
export function draftPass(pass: CalledPass, blocks: readonly Block[]): Draft[] {
  const total = blocks.reduce((sum, { definitions }) => sum + readsIn(definitions), 0);
  if (total <= policy.readsInOneFunction) {
    const entries = blocks.flatMap((block) => block.definitions.map((definition) => ({ block, definition })));
    return entries.length === 0 ? [] : [{ pass, entries, isWhole: true }];
  }
  return packSlices(groupBlocks(blocks).flatMap(slicesOf)).map((entries) => ({ pass, entries, isWhole: false }));
}

/**
 * Joins a block with the ones before it where each of their elements is read by one definition of it: a convolution
 * with its activation, an activation with its pool. Such a group is written place by place, so that intermediate
 * values stay in registers.
 */
function groupBlocks(blocks: readonly Block[]): Block[][] {
  const groups: Block[][] = [];
  let targets = new Set<Tensor>();
  for (const block of blocks) {
    const group = groups.at(-1);
    if (group !== undefined && isReadOnceBy(targets, block)) group.push(block);
    else {
      groups.push([block]);
      targets = new Set();
    }
    targets.add(block.target);
  }
  return groups;
}

/** Whether the block reads these targets, and each of their elements in one definition. */
function isReadOnceBy(targets: ReadonlySet<Tensor>, block: Block): boolean {
  const readers = new Map<Element, Definition>();
  for (const definition of block.definitions) {
    let isShared = false;
    forEachArray(definition, (array) => {
      isShared ||= targets.has(array);
    });
    forEachRead(definition, (element) => {
      if (!targets.has(element.cell.array)) return;
      const reader = readers.get(element) ?? definition;
      readers.set(element, reader);
      isShared ||= reader !== definition;
    });
    if (isShared) return false;
  }
  return readers.size > 0;
}

/**
 * A group's definitions with the channel outermost, one slice for each channel: a convolution's weights for one filter
 * fit into locals (filter outermost was the fastest order measured). Within a slice each value comes right before
 * the definition that reads it.
 */
function slicesOf(group: readonly Block[]): Entry[][] {
  const owner = new Map<Element, Entry>();
  for (const block of group)
    for (const definition of block.definitions) owner.set(targetOf(definition), { block, definition });
  const roots = group.length === 1 ? group : group.slice(1);
  const ranked = roots.flatMap((block, rank) =>
    block.definitions.map((definition) => ({ entry: { block, definition }, rank, ...placeOf(targetOf(definition)) })),
  );
  ranked.sort((a, b) => a.channel - b.channel || a.position - b.position || a.rank - b.rank);
  const slices = new Map<number, Entry[]>();
  const done = new Set<Element>();
  const visit = (entry: Entry, slice: Entry[]): void => {
    const target = targetOf(entry.definition);
    if (done.has(target)) return;
    done.add(target);
    forEachRead(entry.definition, (element) => {
      const source = owner.get(element);
      if (source !== undefined) visit(source, slice);
    });
    slice.push(entry);
  };
  for (const { entry, channel } of ranked) {
    const slice = slices.get(channel) ?? [];
    slices.set(channel, slice);
    visit(entry, slice);
  }
  const last = [...slices.values()].at(-1) ?? [];
  for (const entry of owner.values()) visit(entry, last);
  return [...slices.values()];
}

function placeOf({ cell: { array, offset } }: Element): { readonly channel: number; readonly position: number } {
  const channel = coordinatesOf(array.shape, offset).at(-1) ?? 0;
  return { channel: array.shape.length > 1 ? channel : 0, position: offset };
}

/** Fills functions with slices up to the policy's size; a slice that is larger by itself is cut between definitions. */
function packSlices(slices: readonly Entry[][]): Entry[][] {
  const functions: Entry[][] = [];
  let current: Entry[] = [];
  let size = 0;
  const flush = (): void => {
    if (current.length > 0) functions.push(current);
    current = [];
    size = 0;
  };
  for (const slice of slices) {
    const sliceSize = readsIn(slice.map(({ definition }) => definition));
    if (size + sliceSize > policy.readsInFunction) flush();
    for (const entry of slice) {
      const entrySize = readsIn([entry.definition]);
      if (size + entrySize > policy.readsInFunction) flush();
      current.push(entry);
      size += entrySize;
    }
  }
  flush();
  return functions;
}

function readsIn(definitions: readonly Definition[]): number {
  let reads = 0;
  for (const one of definitions) forEachRead(one, () => reads++);
  return reads;
}
