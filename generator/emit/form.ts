import type { Code } from '../code/code.ts';
import type { Tensor } from '../equations/tensor.ts';
import type { HelperName } from '../print/functionText.ts';
import type { LoopPass } from '../schedule/loops/draft.ts';

/** What a form of emitted code contributes to a module; the rest is the same for all. */
export interface FormView {
  /** Every function in the order of its call. */
  readonly functions: readonly FunctionView[];
  /** Arrays that the functions use, with their lengths. */
  readonly arrays: ReadonlyMap<Tensor, number>;
  /**
   * What stands behind an array's name outside of the functions: they take arrays into locals, which have the plain
   * name, where that makes them faster.
   */
  readonly arraySuffix: '' | '_';
  /** Whether windows are compared in the scratch array. */
  readonly hasScratch: boolean;
  /** Lines that copy `input` to where the functions read it. */
  readonly inputCopy: readonly string[];
  /** The scalar functions that the module brings with it. */
  readonly helpers: readonly HelperName[];
  readonly macs: number;
  /** A step of the optimiser. */
  readonly step: readonly Code[];
  /** How to read the equations. */
  readonly legend: readonly string[];
  /** Lines for the file's header: operations, functions, form. */
  readonly facts: readonly string[];
}

/** A printed function. */
export interface FunctionView {
  readonly name: string;
  readonly pass: LoopPass;
  readonly doc: string;
  readonly body: string;
  /** The layer that each line of the body belongs to; '' for none. */
  readonly layers: readonly string[];
}

/** `for (let n = 0; n < 64; n++) x[n] = input[from + n];`, indented for the body of `forward`. */
export function copyLoop(array: string, length: number): string {
  return `    for (let n = 0; n < ${length}; n++) ${array}[n] = input[from + n];`;
}
