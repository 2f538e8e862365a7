import { type Code, type Int, sumOf, type Value, variableSum } from '../../code/code.ts';
import { gamesOf } from '../../code/games.ts';
import { mapParts, mapStatement } from '../../code/parts.ts';
import type { Tensor } from '../../equations/tensor.ts';
import { present } from '../../lists.ts';
import type { CalledPass } from '../calledPass.ts';
import { groupBy } from '../groupBy.ts';
import { uniqueNames } from '../names.ts';
import { policy } from '../policy.ts';
import { bytecodeOf } from './bytecode.ts';
import { type Draft, draftPass, type Entry } from './drafts.ts';
import {
  type Definition,
  type Element,
  forEachArray,
  forEachRead,
  holdsIntegers,
  isElement,
  targetOf,
} from './element.ts';
import { codeOf, type Part, type UnrolledFunction } from './plan.ts';
import type { Block } from './unroll.ts';

/** What the caller of the functions sees of tensors. */
export interface Asked {
  /** Outputs and gradients: they are stored in any case. */
  readonly isRoot: (tensor: Tensor) => boolean;
  /** Gradients of parameters, which add up from sample to sample. */
  readonly isAdded: (tensor: Tensor) => boolean;
}

/** Distributes the definitions of all passes over functions. */
export function planFunctions(
  passes: readonly (readonly [CalledPass, readonly Block[]])[],
  asked: Asked,
): UnrolledFunction[] {
  const drafts = passes.flatMap(([pass, blocks]) => draftPass(pass, blocks));
  const names = uniqueNames(drafts.map((draft) => ({ pass: draft.pass, layers: layersOf(draft) })));
  const escaping = escapingElements(drafts, asked);
  const explained = new Set<Block>();
  const blocks = passes.flatMap(([, blocks]) => blocks);
  const order = new Map(blocks.map((block, position) => [block, position]));
  return drafts.map((draft, position) => {
    const plan = new FunctionPlanner(draft, escaping, asked).plan(explained, order);
    const planned = { name: present(names[position]), pass: draft.pass, layers: layersOf(draft), ...plan };
    return { ...planned, bytecode: bytecodeOf(codeOf(planned)) };
  });
}

function layersOf({ entries }: Draft): readonly string[] {
  return [...new Set(entries.flatMap(({ block }) => block.equations.map(({ layer }) => layer)))];
}

/** Elements that somebody outside the function that defines them wants. */
function escapingElements(drafts: readonly Draft[], { isRoot }: Asked): ReadonlySet<Element> {
  const producer = new Map<Element, Draft>();
  for (const draft of drafts) for (const { definition } of draft.entries) producer.set(targetOf(definition), draft);
  const escaping = new Set([...producer.keys()].filter(({ cell }) => isRoot(cell.array)));
  const followed = new Set<Tensor>();
  for (const draft of drafts) {
    for (const { definition } of draft.entries) {
      forEachArray(definition, (array) => followed.add(array));
      forEachRead(definition, (element) => {
        if (producer.get(element) !== draft) escaping.add(element);
      });
    }
  }
  for (const element of producer.keys()) if (followed.has(element.cell.array)) escaping.add(element);
  return escaping;
}

/** Decides what of one function is in locals, and where it meets the arrays. */
class FunctionPlanner {
  readonly #draft: Draft;
  readonly #escaping: ReadonlySet<Element>;
  readonly #asked: Asked;
  /** How often an element is read that is defined elsewhere. */
  readonly #given = new Map<Element, number>();
  /** What is defined here and read here. */
  readonly #readHere = new Set<Element>();
  readonly #loaded: ReadonlySet<Element>;

  constructor(draft: Draft, escaping: ReadonlySet<Element>, asked: Asked) {
    this.#draft = draft;
    this.#escaping = escaping;
    this.#asked = asked;
    const defined = new Set(draft.entries.map(({ definition }) => targetOf(definition)));
    for (const { definition } of draft.entries) {
      forEachRead(definition, (element) => {
        if (defined.has(element)) this.#readHere.add(element);
        else this.#given.set(element, (this.#given.get(element) ?? 0) + 1);
      });
    }
    this.#loaded = new Set([...this.#given.keys()].filter((element) => this.#isLoaded(element)));
  }

  /**
   * @param explained the blocks whose equations functions before have shown; grows by those of this one
   * @param order each block's place in the program
   */
  plan(explained: Set<Block>, order: ReadonlyMap<Block, number>): Pick<UnrolledFunction, 'loads' | 'parts'> {
    return {
      loads: this.#loads(),
      parts: this.#draft.isWhole ? this.#wholeParts() : this.#interleavedParts(explained, order),
    };
  }

  /**
   * What a function reads from outside into locals: all of it where the function is read as a whole, in a larger one
   * what is read more than once. An integer has a name wherever it is used.
   */
  #isLoaded(element: Element): boolean {
    return this.#draft.isWhole || (this.#given.get(element) ?? 0) > 1 || holdsIntegers(element.cell.array);
  }

  /** Tensor by tensor, each row by row. */
  #loads(): readonly Code[] {
    const byTensor = groupBy(this.#loaded, ({ cell }) => cell.array);
    return [...byTensor.values()].map((elements) => ({
      kind: 'row',
      of: elements.sort((a, b) => a.cell.offset - b.cell.offset).map(loadOf),
    }));
  }

  /** Block after block: the equations, a local for each element, then the stores. */
  #wholeParts(): readonly Part[] {
    return [...groupBy(this.#draft.entries, ({ block }) => block)].map(([block, members]) => {
      const definitions = members.map(({ definition }) => definition);
      const code: readonly Code[] = [...definitions, ...this.#stores(definitions.map(targetOf))];
      return { blocks: [block], isContinued: false, code };
    });
  }

  /**
   * Definition by definition, each value stored as soon as it is known. Their equations stand above in the program's order,
   * whatever comes first: the constants of a border may be there before the image that is put into it.
   */
  #interleavedParts(explained: Set<Block>, order: ReadonlyMap<Block, number>): readonly Part[] {
    const { entries } = this.#draft;
    const lastOf = new Map(entries.map(({ block }, position) => [block, position]));
    const parts: { readonly blocks: readonly Block[]; readonly isContinued: boolean; readonly code: Code[] }[] = [];
    const decided = new Set<Definition>();
    for (const [position, { block, definition }] of entries.entries()) {
      if (!parts.at(-1)?.blocks.includes(block)) {
        const blocks = blocksFrom(entries, position, lastOf).toSorted(
          (a, b) => present(order.get(a)) - present(order.get(b)),
        );
        parts.push({ blocks, isContinued: blocks.every((one) => explained.has(one)), code: [] });
        for (const one of blocks) explained.add(one);
      }
      if (!decided.has(definition)) parts.at(-1)?.code.push(...this.#define(definition, decided));
    }
    return parts;
  }

  /** @param decided grows by a winner's definition that is found together with its maximum */
  #define(definition: Definition, decided: Set<Definition>): readonly Code[] {
    const target = targetOf(definition);
    if (isTournament(definition)) {
      const winner = this.#draft.entries.find(({ definition: other }) => isWinnerOf(other, target))?.definition;
      if (winner !== undefined) decided.add(winner);
      return this.#tournament(definition, winner);
    }
    const inPlace = mapStatement(definition, { value: (value) => this.#inPlace(value) });
    if (this.#readHere.has(target)) return [inPlace, ...this.#stores([target])];
    const { array, offset } = target.cell;
    const at = sumOf(offset);
    if (inPlace.kind === 'integer') return [{ kind: 'storeInteger', array, at, value: inPlace.value }];
    if (inPlace.kind !== 'constant') return [inPlace];
    return [{ kind: 'store', array, at, value: inPlace.value, isAdded: this.#asked.isAdded(array) }];
  }

  #tournament(maximum: MaximumDefinition, winner: Definition | undefined): readonly Code[] {
    const { candidates } = maximum.value;
    const place = winner?.kind === 'integer' ? winner.variable : undefined;
    const { name } = place ?? maximum.local;
    const games = gamesOf(candidates.length, place, (letter) => `${name}_${letter}`);
    const entering = candidates.map(({ value, place }) => ({ value: this.#inPlace(value), place }));
    return [
      { kind: 'tournament', maximum: maximum.local, winner: place, candidates: entering, games },
      ...this.#stores([targetOf(maximum), ...(winner ? [targetOf(winner)] : [])]),
    ];
  }

  /** Of these elements, those that are wanted elsewhere go to their arrays. */
  #stores(elements: readonly Element[]): readonly Code[] {
    const stored = elements.filter((element) => this.#escaping.has(element));
    return stored.length === 0 ? [] : [{ kind: 'row', of: stored.map((element) => this.#storeOf(element)) }];
  }

  #storeOf(element: Element): Code {
    const { array, offset } = element.cell;
    const at = sumOf(offset);
    if (holdsIntegers(array)) return { kind: 'storeInteger', array, at, value: variableSum(element) };
    const value: Value = { kind: 'local', local: element };
    return { kind: 'store', array, at, value, isAdded: this.#asked.isAdded(array) };
  }

  /** The same with every element that is in no local read from its array. */
  #inPlace(value: Value): Value {
    if (value.kind !== 'local') return mapParts(value, (part) => this.#inPlace(part));
    const { local } = value;
    if (!isElement(local) || !this.#given.has(local) || this.#loaded.has(local)) return value;
    return { kind: 'load', array: local.cell.array, at: sumOf(local.cell.offset) };
  }
}

function loadOf(element: Element): Code {
  const { array, offset } = element.cell;
  const load: Value & Int = { kind: 'load', array, at: sumOf(offset) };
  return holdsIntegers(array)
    ? { kind: 'integer', variable: element, value: load }
    : { kind: 'constant', local: element, value: load };
}

type MaximumDefinition = Extract<Definition, { kind: 'constant' }> & {
  readonly value: Extract<Value, { kind: 'max' }>;
};

/**
 * Windows of three or more named values are worth a tournament: the branches of Math.max are unpredictable. Each lies in
 * the scratch array at its place in the whole window, of which a border may have cut off some.
 */
function isTournament(one: Definition): one is MaximumDefinition {
  if (one.kind !== 'constant' || one.value.kind !== 'max') return false;
  const { candidates } = one.value;
  const fits = candidates.every(({ value, place }) => value.kind === 'local' && place < policy.scratchSize);
  return candidates.length >= 3 && fits;
}

function isWinnerOf(one: Definition, maximum: Element): boolean {
  if (one.kind !== 'integer' || one.value.kind !== 'argmax') return false;
  const { value } = one;
  return value.maximum.kind === 'local' && value.maximum.local === maximum;
}

/** The blocks that are interleaved from here on: those seen until a block, by its last position, comes to an end. */
function blocksFrom(entries: readonly Entry[], start: number, lastOf: ReadonlyMap<Block, number>): readonly Block[] {
  const seen: Block[] = [];
  let end = start;
  for (let position = start; position <= end; position++) {
    const { block } = present(entries[position]);
    if (seen.includes(block)) continue;
    seen.push(block);
    if (seen.length === 1 || position < end) end = Math.max(end, present(lastOf.get(block)));
  }
  return seen;
}
