import { index, winnersIn } from '../../equations/affine.ts';
import { type Equation, equation, isPlain, type Program } from '../../equations/equation.ts';
import { forEachRead, read } from '../../equations/expression.ts';
import { namesBesideProgram } from '../../equations/names.ts';
import { keepRead, rootsOf, trim } from '../../equations/needed.ts';
import { sumScatters } from '../../equations/scatters.ts';
import { storageOf, type Tensor } from '../../equations/tensor.ts';
import { filtersFirst, targetsLast } from '../../equations/transpose.ts';
import { macsOf } from '../cost.ts';
import { groupBy } from '../groupBy.ts';
import { uniqueNames } from '../names.ts';
import { type CalledPass, calledPasses } from '../plan.ts';
import { splitBatch } from './batch.ts';
import { coalesce } from './coalesce.ts';
import { type FusePolicy, type Group, groupNests, type Shared } from './fuse.ts';
import type { Code } from './kernel.ts';
import { chooseLayouts, type Layouts } from './layout.ts';
import { loopPolicy } from './loopPolicy.ts';
import { lowerNest, type Member, type Mode } from './lower.ts';
import { fusesWindows, type Scheduler, scheduleScalar } from './schedule.ts';
import { visitCode } from './visit.ts';

/** A whole program as loops. */
export interface LoopPlan {
  /** What each sample runs, in order. */
  readonly functions: readonly LoopFunction[];
  /** What backward runs before and after: a batch runs it once for all its samples. */
  readonly prepare: readonly LoopFunction[];
  readonly finish: readonly LoopFunction[];
  readonly layouts: Layouts;
  /** Every array that some function reads or writes. */
  readonly stored: readonly Tensor[];
  /** The caller's input, and its copy to where the program reads it. */
  readonly input: Tensor;
  readonly inputCopy: readonly Code[];
  readonly macs: number;
}

export type LoopPass = CalledPass | 'prepare' | 'clear' | 'finish';

/** All nests of one layer in one pass. */
export interface LoopFunction {
  readonly name: string;
  readonly pass: LoopPass;
  readonly layers: readonly string[];
  readonly nests: readonly Nest[];
}

/** Equations computed by one nest of loops. */
export interface Nest {
  readonly equations: readonly Equation[];
  /** By equation: whether several values of its indices add up to one number, or it adds to what is there. */
  readonly isSum: readonly boolean[];
  readonly code: readonly Code[];
}

/** Every function in the order of its call in a training step. */
export function functionsInOrder({ functions, prepare, finish }: LoopPlan): readonly LoopFunction[] {
  const passOf = (pass: LoopPass) => functions.filter((one) => one.pass === pass);
  return [...passOf('forward'), ...passOf('loss'), ...prepare, ...passOf('backward'), ...finish];
}

/** Every equation that a plan computes, in that order. */
export function equationsOf(plan: LoopPlan): readonly Equation[] {
  return functionsInOrder(plan).flatMap(({ nests }) => nests.flatMap(({ equations }) => equations));
}

/** What a kind of machine wants of its loops. */
export interface LoopTarget {
  /** The layout of one nest. */
  readonly schedule: Scheduler;
  /** What one element adds to an address: 1 in an array, 4 in a memory of bytes. */
  readonly unit: number;
  /** Whether it pays to copy a kernel [p,q,c,o] into the order in which the sums along winners read it. */
  readonly turnsKernel: (shape: readonly number[]) => boolean;
  /**
   * How often a sum must use each number of a kernel for a copy to pay in which neighbours of the target are neighbours
   * in the kernel; absent where it never does.
   */
  readonly usesOfCopy: number | undefined;
  /** Whether several neighbours are computed at once. */
  readonly isVector: boolean;
  /** Whether a batch does once what does not depend on its samples. */
  readonly splitsBatch: boolean;
  readonly fuses: FusePolicy;
}

/** Numbers one by one. */
export const scalarTarget: LoopTarget = {
  schedule: scheduleScalar,
  unit: 1,
  turnsKernel: (shape) => shape.reduce((product, size) => product * size, 1) >= loopPolicy.kernelWorthTurning,
  usesOfCopy: undefined,
  isVector: false,
  splitsBatch: false,
  fuses: { followsSums: false, leadsWinners: true, fusesWindow: fusesWindows },
};

/** Lays a program out in memory and in loops. */
export function planLoops(program: Program, target: LoopTarget): LoopPlan {
  const { schedule, unit } = target;
  const roots = rootsOf(program);
  const kept = keepRead([...program.forward, ...program.backward], roots);
  const names = namesBesideProgram(program);
  const ordered = filtersFirst(trim(kept, roots), new Set(program.gradients.values()), target.turnsKernel, names);
  const needed =
    target.usesOfCopy === undefined ? ordered : targetsLast(sumScatters(ordered), target.usesOfCopy, names);
  const publicTensors = new Set([...roots, ...program.parameters.map(({ tensor }) => tensor)]);
  for (const given of [program.target, program.outputGradient]) if (given) publicTensors.add(given);
  const layouts = chooseLayouts(needed, publicTensors);
  const modes = modesOf(needed, new Set(program.gradients.values()), program.outputGradient);
  const [forward, loss, backward] = calledPasses.map((pass) => needed.filter((one) => one.pass === pass)) as [
    Equation[],
    Equation[],
    Equation[],
  ];
  const isAssigned = (one: Equation): boolean => modes.modeOf(one) === 'assign';
  const isPublic = (tensor: Tensor): boolean => publicTensors.has(tensor);
  const parts = target.splitsBatch
    ? splitBatch(backward, new Set(program.gradients.values()), isPublic, isAssigned)
    : { prepare: [], sample: backward, finish: [], sums: new Set<Tensor>() };
  const readers = readersOf(needed);
  const clear = ({ target }: Equation): Code => ({ kind: 'clear', array: storageOf(target) });
  const nestOf = (group: Group): Nest => {
    const originals = group.map(({ original }) => original);
    const joined = coalesce(
      group.map(({ equation }) => equation),
      layouts,
    );
    const members = joined.map((equation, position): Member => {
      const { original, within, isLeading = false } = group[position] as Shared;
      const storage = storageOf(original.target);
      const isRead = readers.get(storage)?.some((reader) => !originals.includes(reader)) ?? false;
      return {
        equation,
        mode: modes.modeOf(original),
        within,
        isLeading,
        isLocal: !isRead && group.length > 1 && !isPublic(storage),
      };
    });
    const clears = originals.filter((one) => modes.isCleared(one) && !parts.sums.has(storageOf(one.target))).map(clear);
    return {
      equations: originals,
      isSum: originals.map((one) => modes.modeOf(one) === 'accumulate' && !meetsNowhere(one)),
      code: [
        ...clears,
        ...schedule(members, layouts).flatMap((part) => lowerNest(part.members, part.schedule, layouts, unit)),
      ],
    };
  };
  const functionsOf = (pass: LoopPass, equations: readonly Equation[]) =>
    chunksOf(groupNests(equations, isAssigned, target.fuses)).map((chunk) => ({
      pass,
      layers: [...layersOf(chunk)],
      nests: chunk.map(nestOf),
    }));
  const cleared = backward.filter((one) => modes.isCleared(one) && parts.sums.has(storageOf(one.target)));
  const zeroing = cleared.map((one) => ({
    pass: 'clear' as const,
    layers: [one.layer],
    nests: [{ equations: [], isSum: [], code: [clear(one)] }],
  }));
  const drafts = {
    functions: [
      ...functionsOf('forward', forward),
      ...functionsOf('loss', loss),
      ...functionsOf('backward', parts.sample),
    ],
    prepare: [...functionsOf('prepare', parts.prepare), ...zeroing],
    finish: functionsOf('finish', parts.finish),
  };
  const used = arraysIn(Object.values(drafts).flat());
  const input: Tensor = { name: 'input', shape: program.input.shape, role: 'target' };
  return {
    functions: withNames(drafts.functions),
    prepare: withNames(drafts.prepare),
    finish: withNames(drafts.finish),
    layouts,
    stored: storedTensors(needed).filter((tensor) => used.has(tensor)),
    input,
    inputCopy: copyInput(program.input, input, layouts, target),
    macs: macsOf(program),
  };
}

/** What is computed and used in locals alone needs no array. */
function arraysIn(functions: readonly Omit<LoopFunction, 'name'>[]): ReadonlySet<Tensor> {
  const used = new Set<Tensor>();
  for (const { nests } of functions) {
    for (const { code } of nests) visitCode(code, { array: (array) => used.add(array) });
  }
  return used;
}

function withNames(drafts: readonly Omit<LoopFunction, 'name'>[]): LoopFunction[] {
  const names = uniqueNames(drafts);
  return drafts.map((draft, position) => ({ ...draft, name: names[position] as string }));
}

function copyInput(x: Tensor, input: Tensor, layouts: Layouts, { schedule, unit }: LoopTarget): Code[] {
  const letters = x.shape.length === 1 ? ['n'] : ['h', 'w', 'c'];
  const at = x.shape.map((size, axis) => index(letters[axis] as string, size));
  const home = { layer: 'input', pass: 'forward' } as const;
  const [copy] = coalesce([equation(x, at, read(input, at), home)], layouts) as [Equation];
  return schedule([{ equation: copy, mode: 'assign' }], layouts).flatMap((part) =>
    lowerNest(part.members, part.schedule, layouts, unit),
  );
}

/** The groups of one layer that stand together share a function. */
function chunksOf(groups: readonly Group[]): Group[][] {
  const chunks: Group[][] = [];
  for (const group of groups) {
    const last = chunks.at(-1);
    if (last !== undefined && layersOf(last).has(group[0]?.original.layer ?? '')) last.push(group);
    else chunks.push([group]);
  }
  return chunks;
}

function layersOf(groups: readonly Group[]): ReadonlySet<string> {
  return new Set(groups.flat().map(({ original }) => original.layer));
}

interface Modes {
  modeOf(equation: Equation): Mode;
  /** Whether the target starts at zero right before the equation. */
  isCleared(equation: Equation): boolean;
}

/** Which equations assign and which add: a target is assigned by an equation that alone covers its places, each once. */
function modesOf(equations: readonly Equation[], added: ReadonlySet<Tensor>, given: Tensor | undefined): Modes {
  const byTarget = groupBy(equations, ({ target }) => storageOf(target));
  const modes = new Map<Equation, Mode>();
  const cleared = new Set<Equation>();
  for (const [target, group] of byTarget) {
    const isAccumulated = added.has(target) || target === given;
    for (const [position, one] of group.entries()) {
      const isAlone = group.length === 1 && meetsNowhere(one);
      const assigns = !isAccumulated && position === 0 && (isAlone || isPlain(one));
      modes.set(one, assigns ? 'assign' : 'accumulate');
      if (!assigns && position === 0 && !isAccumulated) cleared.add(one);
    }
  }
  return { modeOf: (one) => modes.get(one) as Mode, isCleared: (one) => cleared.has(one) };
}

/** Whether no two values of the indices give the same place. */
function meetsNowhere({ at, over }: Equation): boolean {
  const seen = new Set<unknown>();
  for (const coordinate of at) {
    if (winnersIn(coordinate).length > 0) return false;
    const digits = [...coordinate.terms].map(([index, coefficient]) => ({ index, step: Math.abs(coefficient) }));
    digits.sort((a, b) => a.step - b.step);
    let reach = 0;
    for (const { index, step } of digits) {
      if (step <= reach || seen.has(index)) return false;
      seen.add(index);
      reach += step * (index.size - 1);
    }
  }
  return over.every((index) => seen.has(index));
}

/** Who reads a tensor. */
function readersOf(equations: readonly Equation[]): ReadonlyMap<Tensor, readonly Equation[]> {
  const readers = new Map<Tensor, Equation[]>();
  for (const one of equations) {
    for (const tensor of storedTensors([one]).filter((tensor) => tensor !== storageOf(one.target))) {
      readers.set(tensor, [...(readers.get(tensor) ?? []), one]);
    }
  }
  return readers;
}

function storedTensors(equations: readonly Equation[]): Tensor[] {
  const stored = new Set<Tensor>();
  const noteWinners = (at: Equation['at']): void => {
    for (const [{ winner }] of at.flatMap(winnersIn)) if (winner) stored.add(winner.read.tensor);
  };
  for (const { target, at, value } of equations) {
    forEachRead(value, false, (r) => {
      stored.add(storageOf(r.tensor));
      noteWinners(r.at);
    });
    noteWinners(at);
    stored.add(storageOf(target));
  }
  return [...stored];
}
