import type { Program } from '../equations/equation.ts';
import type { CalledPass } from './functionPlan.ts';
import type { Block } from './unroll.ts';

/** A program written out: a statement for each element, in blocks of the equations that they come from. */
export interface WrittenOut {
  readonly program: Program;
  readonly blocks: readonly { readonly pass: CalledPass; readonly block: Block }[];
}

/** The blocks of one pass that have statements. */
export function blocksOf({ blocks }: WrittenOut, pass: CalledPass): Block[] {
  return blocks.flatMap((one) => (one.pass === pass && one.block.statements.length > 0 ? [one.block] : []));
}
