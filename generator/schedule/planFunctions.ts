import { coordinatesOf, type Tensor } from '../equations/tensor.ts';
import { bytecodeOf } from './bytecode.ts';
import type { CalledPass, FunctionPlan, Step } from './functionPlan.ts';
import { groupBy } from './groupBy.ts';
import { policy } from './policy.ts';
import { type Element, forEachDynamic, forEachRead, type Statement } from './scalar.ts';
import type { Block } from './unroll.ts';

/** Statements that will share a function, with the block each comes from. */
interface Draft {
  readonly pass: CalledPass;
  readonly entries: readonly Entry[];
  /** Whole blocks one after the other, everything in locals. */
  readonly isWhole: boolean;
}

interface Entry {
  readonly block: Block;
  readonly statement: Statement;
}

/**
 * Distributes the statements of all passes over functions.
 *
 * @param isRoot elements that the caller wants: outputs and gradients; they are stored in any case
 */
export function planFunctions(
  passes: readonly (readonly [CalledPass, readonly Block[]])[],
  isRoot: (element: Element) => boolean,
): FunctionPlan[] {
  const drafts = passes.flatMap(([pass, blocks]) => draftPass(pass, blocks));
  const escaping = escapingElements(drafts, isRoot);
  const explained = new Set<Block>();
  return drafts.map((draft) => planFunction(draft, escaping, explained));
}

function draftPass(pass: CalledPass, blocks: readonly Block[]): Draft[] {
  const total = blocks.reduce((sum, { statements }) => sum + readsOf(statements), 0);
  if (total <= policy.readsInOneFunction) {
    const entries = blocks.flatMap((block) => block.statements.map((statement) => ({ block, statement })));
    return entries.length === 0 ? [] : [{ pass, entries, isWhole: true }];
  }
  return packSlices(groupBlocks(blocks).flatMap(slicesOf)).map((entries) => ({ pass, entries, isWhole: false }));
}

/**
 * Joins a block with the ones before it where each of their elements is read by one statement of it: a convolution
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

/** Whether the block reads these targets, and each of their elements in one statement. */
function isReadOnceBy(targets: ReadonlySet<Tensor>, block: Block): boolean {
  const readers = new Map<Element, Statement>();
  for (const statement of block.statements) {
    let isShared = false;
    forEachDynamic(statement.value, (tensor) => {
      isShared ||= targets.has(tensor);
    });
    forEachRead(statement.value, (element) => {
      if (!targets.has(element.tensor)) return;
      const reader = readers.get(element) ?? statement;
      readers.set(element, reader);
      isShared ||= reader !== statement;
    });
    if (isShared) return false;
  }
  return readers.size > 0;
}

/**
 * A group's statements with the channel outermost, one slice for each channel: a convolution's weights for one filter
 * fit into locals (filter outermost was the fastest order measured). Within a slice each value comes right before
 * the statement that reads it.
 */
function slicesOf(group: readonly Block[]): Entry[][] {
  const owner = new Map<Element, Entry>();
  for (const block of group)
    for (const statement of block.statements) owner.set(statement.target, { block, statement });
  const roots = group.length === 1 ? group : group.slice(1);
  const ranked = roots.flatMap((block, rank) =>
    block.statements.map((statement) => ({ entry: { block, statement }, rank, ...placeOf(statement.target) })),
  );
  ranked.sort((a, b) => a.channel - b.channel || a.position - b.position || a.rank - b.rank);
  const slices = new Map<number, Entry[]>();
  const done = new Set<Element>();
  const visit = (entry: Entry, slice: Entry[]): void => {
    if (done.has(entry.statement.target)) return;
    done.add(entry.statement.target);
    forEachRead(entry.statement.value, (element) => {
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

function placeOf({ tensor, offset }: Element): { readonly channel: number; readonly position: number } {
  const channel = coordinatesOf(tensor.shape, offset).at(-1) ?? 0;
  return { channel: tensor.shape.length > 1 ? channel : 0, position: offset };
}

/** Fills functions with slices up to the policy's size; a slice that is larger by itself is cut between statements. */
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
    const sliceSize = readsOf(slice.map(({ statement }) => statement));
    if (size + sliceSize > policy.readsInFunction) flush();
    for (const entry of slice) {
      const entrySize = readsOf([entry.statement]);
      if (size + entrySize > policy.readsInFunction) flush();
      current.push(entry);
      size += entrySize;
    }
  }
  flush();
  return functions;
}

export function readsOf(statements: readonly Statement[]): number {
  let reads = 0;
  for (const { value } of statements) forEachRead(value, () => reads++);
  return reads;
}

/** Elements that somebody outside the function that assigns them wants. */
function escapingElements(drafts: readonly Draft[], isRoot: (element: Element) => boolean): ReadonlySet<Element> {
  const producer = new Map<Element, Draft>();
  for (const draft of drafts) for (const { statement } of draft.entries) producer.set(statement.target, draft);
  const escaping = new Set([...producer.keys()].filter(isRoot));
  const dynamic = new Set<Tensor>();
  for (const draft of drafts) {
    for (const { statement } of draft.entries) {
      forEachDynamic(statement.value, (tensor) => dynamic.add(tensor));
      forEachRead(statement.value, (element) => {
        if (producer.get(element) !== draft) escaping.add(element);
      });
    }
  }
  for (const element of producer.keys()) if (dynamic.has(element.tensor)) escaping.add(element);
  return escaping;
}

function planFunction(draft: Draft, escaping: ReadonlySet<Element>, explained: Set<Block>): FunctionPlan {
  const { pass, entries, isWhole } = draft;
  const statements = entries.map(({ statement }) => statement);
  const loads = inStorageOrder(chooseLoads(statements, isWhole));
  const steps = isWhole ? wholeSteps(entries, escaping) : interleavedSteps(entries, escaping, explained);
  const layers = [...new Set(entries.flatMap(({ block }) => block.equations.map(({ layer }) => layer)))];
  return { pass, layers, loads, steps, bytecode: bytecodeOf(steps, new Set(loads)) };
}

/**
 * What a function reads from outside into locals: all of it where the function is read as a whole, in a larger one
 * what is read more than once.
 */
function chooseLoads(statements: readonly Statement[], isWhole: boolean): Element[] {
  const assigned = new Set(statements.map(({ target }) => target));
  const uses = new Map<Element, number>();
  for (const { value } of statements) {
    forEachRead(value, (element) => {
      if (!assigned.has(element)) uses.set(element, (uses.get(element) ?? 0) + 1);
    });
  }
  return [...uses].filter(([, count]) => isWhole || count > 1).map(([element]) => element);
}

/** Tensor by tensor, each row by row. */
function inStorageOrder(elements: readonly Element[]): Element[] {
  const byTensor = groupBy(elements, ({ tensor }) => tensor);
  return [...byTensor.values()].flatMap((group) => group.sort((a, b) => a.offset - b.offset));
}

/** Block after block: the equations, a local for each element, then the stores. */
function wholeSteps(entries: readonly Entry[], escaping: ReadonlySet<Element>): Step[] {
  return [...groupBy(entries, ({ block }) => block)].flatMap(([block, members]): Step[] => {
    const stored = members.map(({ statement }) => statement.target).filter((target) => escaping.has(target));
    return [
      { kind: 'explain', blocks: [block], continued: false },
      ...members.map(({ statement }) => ({ kind: 'assign' as const, statement })),
      ...(stored.length > 0 ? [{ kind: 'store' as const, elements: stored }] : []),
    ];
  });
}

/** Statement by statement, each value stored as soon as it is known. */
function interleavedSteps(entries: readonly Entry[], escaping: ReadonlySet<Element>, explained: Set<Block>): Step[] {
  const readHere = new Set<Element>();
  for (const { statement } of entries) forEachRead(statement.value, (element) => readHere.add(element));
  const lastOf = new Map(entries.map(({ block }, position) => [block, position]));
  const steps: Step[] = [];
  const decided = new Set<Statement>();
  let announced = new Set<Block>();
  for (const [position, { block, statement }] of entries.entries()) {
    if (!announced.has(block)) {
      announced = new Set(blocksFrom(entries, position, lastOf));
      steps.push({
        kind: 'explain',
        blocks: [...announced],
        continued: [...announced].every((one) => explained.has(one)),
      });
      for (const one of announced) explained.add(one);
    }
    if (decided.has(statement)) continue;
    const { target } = statement;
    if (isTournament(statement)) {
      const winner = entries.find((other) => isWinnerOf(other.statement, target))?.statement;
      steps.push({ kind: 'tournament', maximum: statement, winner });
      if (winner !== undefined) decided.add(winner);
      const stored = [target, ...(winner ? [winner.target] : [])].filter((element) => escaping.has(element));
      if (stored.length > 0) steps.push({ kind: 'store', elements: stored });
      continue;
    }
    if (!readHere.has(target)) {
      steps.push({ kind: 'assignStored', statement });
      continue;
    }
    steps.push({ kind: 'assign', statement });
    if (escaping.has(target)) steps.push({ kind: 'store', elements: [target] });
  }
  return steps;
}

/** Windows of three to sixteen named values are worth a tournament: the branches of Math.max are unpredictable. */
function isTournament({ value }: Statement): boolean {
  if (value.kind !== 'max') return false;
  const { length } = value.candidates;
  return (
    length >= 3 && length <= policy.scratchSize && value.candidates.every(({ value: one }) => one.kind === 'element')
  );
}

function isWinnerOf({ value }: Statement, maximum: Element): boolean {
  return value.kind === 'argmax' && value.maximum.kind === 'element' && value.maximum.element === maximum;
}

/** The blocks that are interleaved from here on: those seen until a block, by its last position, comes to an end. */
function blocksFrom(entries: readonly Entry[], start: number, lastOf: ReadonlyMap<Block, number>): Block[] {
  const seen: Block[] = [];
  let end = start;
  for (let position = start; position <= end; position++) {
    const { block } = entries[position] as Entry;
    if (seen.includes(block)) continue;
    seen.push(block);
    if (seen.length === 1 || position < end) end = Math.max(end, lastOf.get(block) as number);
  }
  return seen;
}
