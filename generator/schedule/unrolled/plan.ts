import type { Code, Value } from '../../code/code.ts';
import { mapStatement } from '../../code/parts.ts';
import type { Program } from '../../equations/equation.ts';
import type { Tensor } from '../../equations/tensor.ts';
import type { CalledPass } from '../calledPass.ts';
import type { Block } from './unroll.ts';

/** A program written out: a definition for each element, in blocks of the equations that they come from. */
export interface WrittenOut {
  readonly program: Program;
  readonly blocks: readonly { readonly pass: CalledPass; readonly block: Block }[];
}

/** The blocks of one pass that define anything. */
export function blocksOf({ blocks }: WrittenOut, pass: CalledPass): Block[] {
  return blocks.flatMap((one) => (one.pass === pass && one.block.definitions.length > 0 ? [one.block] : []));
}

/** A whole program written out and distributed over functions. */
export interface UnrolledPlan {
  readonly program: Program;
  readonly functions: readonly UnrolledFunction[];
  /** Tensors that some function stores to or reads from an array. */
  readonly stored: readonly Tensor[];
  readonly terms: number;
  /** A step of the optimiser. */
  readonly step: readonly Code[];
}

/** One emitted function: what it loads, computes and stores, in order. */
export interface UnrolledFunction {
  /** Unique among all. */
  readonly name: string;
  readonly pass: CalledPass;
  /** Names of the layers whose equations it computes. */
  readonly layers: readonly string[];
  /** What is read from arrays into locals at entry; all else is read in place. */
  readonly loads: readonly Code[];
  readonly parts: readonly Part[];
  /** Estimated bytes of V8 bytecode. */
  readonly bytecode: number;
}

/** Code under the equations that it computes. */
export interface Part {
  readonly blocks: readonly Block[];
  /** Whether a function before has shown these equations already. */
  readonly isContinued: boolean;
  readonly code: readonly Code[];
}

/** All that a function computes. */
export function codeOf({ loads, parts }: Pick<UnrolledFunction, 'loads' | 'parts'>): readonly Code[] {
  return [...loads, ...parts.flatMap(({ code }) => code)];
}

/** The same with every value of the functions rewritten; the optimiser's step stays. */
export function mapUnrolled(plan: UnrolledPlan, change: (value: Value) => Value): UnrolledPlan {
  const inCode = (code: readonly Code[]): readonly Code[] =>
    code.map((one) => mapStatement(one, { value: change, body: inCode }));
  const inPart = (part: Part): Part => ({ ...part, code: inCode(part.code) });
  return { ...plan, functions: plan.functions.map((one) => ({ ...one, parts: one.parts.map(inPart) })) };
}
