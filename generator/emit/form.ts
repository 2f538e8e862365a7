import type { Tensor } from '../equations/tensor.ts';
import type { HelperName } from '../print/typescript.ts';
import type { LoopPass } from '../schedule/loops/draft.ts';
import type { Code } from '../schedule/loops/kernel.ts';

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

/** Lines of a body, which may be several in one text, that belong to one layer. */
export interface LayerLines {
  readonly layer: string;
  readonly lines: readonly string[];
}

export function bodyOf(parts: readonly LayerLines[]): Pick<FunctionView, 'body' | 'layers'> {
  const lines = parts.flatMap(({ layer, lines }) =>
    lines.flatMap((text) => text.split('\n').map((one) => ({ one, layer }))),
  );
  return { body: lines.map(({ one }) => one).join('\n'), layers: lines.map(({ layer }) => layer) };
}

/** `for (let n = 0; n < 64; n++) x[n] = input[from + n];`, indented for the body of `forward`. */
export function copyLoop(array: string, length: number): string {
  return `    for (let n = 0; n < ${length}; n++) ${array}[n] = input[from + n];`;
}
