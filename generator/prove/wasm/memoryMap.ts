import { dumpWat } from '../../emit/wasm.ts';
import { type Index, indicesOf, type Place, staysWithin } from '../../equations/affine.ts';
import { definingEquations } from '../../equations/defines.ts';
import { type Equation, meansOf, type Program } from '../../equations/equation.ts';
import type { Expression } from '../../equations/expressionKinds.ts';
import { coordinatesOf, storageOf, type Tensor } from '../../equations/tensor.ts';
import { readsOf } from '../../equations/visit.ts';
import { printEquation } from '../../print/equation.ts';
import { layoutIn } from '../../schedule/loops/layout.ts';
import { equationsOf } from '../../schedule/loops/loopPlan.ts';
import type { PlacedPlan } from '../../schedule/loops/memory.ts';
import type { ShapedNetwork } from '../../spec/network.ts';

/** An array of a module and what may be done with it. Offsets and lengths are in numbers of four bytes. */
export interface MappedArray {
  readonly name: string;
  /** Arrays of one group lie side by side and may be walked through by one instruction. */
  readonly group: string;
  readonly shape: readonly number[];
  readonly start: number;
  readonly length: number;
  /** Which of its places belong to the tensor; absent where all do. The others are its border. */
  readonly isInside?: Uint8Array;
  /** What the border holds: zeros to be read, or whatever was dropped there, which nothing may read. */
  readonly border: 'none' | 'zeros' | 'dropped';
  /** Places of the tensor that no equation gives a value: they are 0 from the start, as a padding's are. */
  readonly isEmpty?: Uint8Array;
  /** Whether there may be others, where all that an equation reads lies outside, as in a wide padding. */
  readonly mayBeEmpty?: true;
  /** Whether it keeps its numbers from sample to sample: parameters, and gradients and moments, which start at 0. */
  readonly isKept: boolean;
  /** Elements between neighbours along each axis, and where the first stands. */
  readonly strides: readonly number[];
  readonly first: number;
  /** The equations that it holds the results of. */
  readonly equations: readonly string[];
}

/** What a function is called, and the equations that it computes, as its text has them. */
export interface MappedFunction {
  readonly name: string;
  readonly equations: readonly string[];
}

/**
 * Which array lies where; one that lies within another comes after it. Nothing of it is believed: a module is judged by
 * what it computes. It says which places are borders, so that reading one is told from reading a place that nothing
 * wrote, and what places and functions are called.
 */
export interface MemoryMap {
  readonly arrays: readonly MappedArray[];
  /** The functions of the module, in its order. */
  readonly functions: readonly MappedFunction[];
  /** Samples that one call takes at most. */
  readonly batch: number;
}

/** The map of a module as the plan has it. */
export function mapMemory(network: ShapedNetwork, program: Program, plan: PlacedPlan): MemoryMap {
  return {
    arrays: [...withoutTwins(tensorArrays(program, plan)), ...batchArrays(program, plan)],
    functions: functionsIn(dumpWat(network, program, plan)),
    batch: plan.memory.batch,
  };
}

/** The arrays of one sample. */
function tensorArrays(program: Program, plan: PlacedPlan): readonly MappedArray[] {
  const equations = equationsOf(plan);
  const defining = definingEquations(equations, program.outputGradient);
  const printed = (tensor: Tensor): string[] =>
    equations
      .filter(({ target }) => storageOf(target) === tensor)
      .map((one) => printEquation(one, defining.has(one) ? '=' : '+='));
  const groups = groupsOf(program, plan);
  return [...plan.memory.offsets].map(([tensor, offset]) => {
    const { strides, offset: first, length, border } = layoutIn(plan.layouts, tensor);
    const group = groups.get(tensor);
    return {
      name: tensor.name,
      group: group ?? tensor.name,
      shape: tensor.shape,
      start: offset / 4,
      length,
      border,
      strides,
      first,
      ...(border === 'none' ? {} : { isInside: insideOf(tensor.shape, strides, first, length) }),
      ...emptyPlaces(tensor, equations, { strides, first, length }),
      isKept: group !== undefined,
      equations: printed(tensor),
    };
  });
}

/** What outlives a call, under the name of what it is a part of. */
function groupsOf(program: Program, { program: { step } }: PlacedPlan): ReadonlyMap<Tensor, string> {
  return new Map<Tensor, string>([
    [step.parameters, 'parameters'],
    [step.gradients, 'gradients'],
    ...program.parameters.map(({ tensor }) => [tensor, 'parameters'] as const),
    ...[...program.gradients.values()].map((tensor) => [tensor, 'gradients'] as const),
    ...[...step.state, ...program.masks.map(({ tensor }) => tensor), ...meansOf(program)].map(
      (tensor) => [tensor, tensor.name] as const,
    ),
  ]);
}

/** What a batch hands over, sample by sample. One function copies an input, whoever calls it. */
function batchArrays(program: Program, { memory, input }: PlacedPlan): readonly MappedArray[] {
  const ends = [
    ['batchInputs', memory.batchInputs, program.input, input.name],
    ['batchOutputs', memory.batchOutputs, program.output, 'batchOutputs'],
    ['batchTargets', memory.batchTargets, program.output, 'batchTargets'],
  ] as const;
  return [
    ...[...memory.batchMasks].map(([mask, at]) => {
      const name = `batch_${mask.name}`;
      return batchArray({ name, group: name }, at, [memory.batch, ...mask.shape]);
    }),
    ...ends.map(([name, at, of, group]) => batchArray({ name, group }, at, [memory.batch, ...of.shape])),
  ];
}

/** An input without a border has two names. */
function withoutTwins(arrays: readonly MappedArray[]): readonly MappedArray[] {
  const isTwin = (one: MappedArray, n: number): boolean =>
    arrays.findIndex(({ start, length }) => start === one.start && length === one.length) < n;
  return arrays.filter((one, n) => one.length > 0 && (one.isKept || !isTwin(one, n)));
}

/** The places of a tensor that none of its equations reaches, through whatever shape these see it in. */
function emptyPlaces(
  tensor: Tensor,
  equations: readonly Equation[],
  { strides, first, length }: Pick<MappedArray, 'strides' | 'first' | 'length'>,
): Pick<MappedArray, 'isEmpty' | 'mayBeEmpty'> {
  const own = equations.filter(({ target }) => storageOf(target) === tensor);
  if (own.length === 0) return {};
  const isWide = (one: Equation): boolean => mayVanish(one.value);
  if (own.some(reachesAll)) {
    return own.some(isWide) && own.every((one) => isWide(one) || !reachesAll(one)) ? { mayBeEmpty: true } : {};
  }
  if (own.every(isWide)) return { mayBeEmpty: true };
  const isEmpty = insideOf(tensor.shape, strides, first, length);
  for (const { target, at } of own) {
    const rows = rowMajor(target.shape);
    forEachPlace(indicesOf(at), (place) => {
      const numbers = at.map(({ constant, terms }) =>
        [...terms].reduce((sum, [one, factor]) => sum + factor * place.get(one)!, constant),
      );
      // What lies outside does not exist.
      if (numbers.some((number, axis) => number < 0 || number >= target.shape[axis]!)) return;
      const coordinates = coordinatesOf(tensor.shape, inner(numbers, rows));
      isEmpty[first + inner(coordinates, strides)] = 0;
    });
  }
  return isEmpty.includes(1) ? { isEmpty } : {};
}

/** Whether all terms of a value may read outside: such a term does not exist. */
function mayVanish(value: Expression): boolean {
  if (value.kind === 'plus') return value.terms.every(mayVanish);
  return readsOf(value).some(({ tensor, at }) => at.some((one, axis) => !staysWithin(one, tensor.shape[axis]!)));
}

/** Whether an equation runs over each axis of its target by an index of its own. */
function reachesAll({ target, at }: Equation): boolean {
  const indices = at.flatMap(({ constant, terms }, axis) => {
    const [[one, factor] = []] = terms;
    const isWhole = constant === 0 && terms.size === 1 && factor === 1 && one!.size === target.shape[axis];
    return isWhole ? [one!] : [];
  });
  const isFlat = (axis: number): boolean => target.shape[axis] === 1 && at[axis]!.constant === 0;
  return new Set(indices).size + at.filter(({ terms }, axis) => terms.size === 0 && isFlat(axis)).length === at.length;
}

/** Σ aₙ·bₙ */
function inner(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, one, n) => sum + one * b[n]!, 0);
}

function forEachPlace(indices: readonly Index[], visit: (place: Place) => void): void {
  const place = new Map<Index, number>();
  const choose = (axis: number): void => {
    const one = indices[axis];
    if (one === undefined) visit(place);
    else {
      for (let n = 0; n < one.size; n++) {
        place.set(one, n);
        choose(axis + 1);
      }
    }
  };
  choose(0);
}

function batchArray(names: Pick<MappedArray, 'name' | 'group'>, offset: number, shape: readonly number[]): MappedArray {
  const [strides, length] = [rowMajor(shape), shape.reduce((product, size) => product * size, 1)];
  return {
    ...names,
    shape,
    start: offset / 4,
    length,
    border: 'none',
    strides,
    first: 0,
    isKept: false,
    equations: [],
  };
}

/** All functions in the order of their bodies. */
function functionsIn(text: string): readonly MappedFunction[] {
  return text
    .split(/\n {2}\(func /)
    .slice(1)
    .map((body) => ({
      name:
        /^(?:\$([^\s)]+)|\(export "(\w+)"\))/
          .exec(body)
          ?.slice(1)
          .find((name) => name !== undefined) ?? '',
      equations: [...body.matchAll(/^ +;; {3}(\S.* \+?= .*)$/gm)].map(([, equation]) => equation!),
    }));
}

function rowMajor(shape: readonly number[]): readonly number[] {
  return shape.map((_, axis) => shape.slice(axis + 1).reduce((product, size) => product * size, 1));
}

function insideOf(shape: readonly number[], strides: readonly number[], first: number, length: number): Uint8Array {
  const inside = new Uint8Array(length);
  const visit = (axis: number, at: number): void => {
    if (axis === shape.length) inside[at] = 1;
    else for (let n = 0; n < shape[axis]!; n++) visit(axis + 1, at + n * strides[axis]!);
  };
  visit(0, first);
  return inside;
}
