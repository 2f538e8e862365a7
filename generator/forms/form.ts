import type { FunctionView } from '../emit/form.ts';
import type { Program } from '../equations/equation.ts';
import type { PackedWeights } from '../exchange/weights/pack.ts';
import type { AnyPass, Passes, Watch } from '../passes/pass.ts';
import type { Asked } from '../passes/source.ts';
import type { ShapedNetwork } from '../spec/network.ts';
import type { Problem } from '../spec/problem.ts';

/** What decides how a form lays a network out. */
export interface FormOptions extends Asked {
  /** In a form whose engines may differ, the same bits on every engine: no relaxed multiply-adds. */
  readonly deterministic?: boolean;
  /**
   * Convolutions by transformed tiles, which takes fewer products and rounds differently. Absent: where it is quicker, in fast
   * and in wasm, there unless somebody asks for the same bits.
   */
  readonly winograd?: boolean;
  /** Terms that may be written out at most. */
  readonly maxTerms?: number;
}

/** How a form came to be taken. */
export interface Choice extends FormOptions {
  /** Terms up to which a network is written out. */
  readonly limit: number;
  /** Whether it was asked for by name. */
  readonly isAsked: boolean;
}

/** What a module may have beside the network. */
export interface Extras {
  /** Weights to build in. */
  readonly weights?: PackedWeights | undefined;
  /** Derivations above the gradients' equations, in comments. */
  readonly explain?: boolean | undefined;
  /** Told every function that is written as text, with the layer of each of its lines. */
  readonly onFunctions?: ((functions: readonly FunctionView[]) => void) | undefined;
}

/** A form of emitted code: its passes and its printer. `P` is what its plan is. */
export interface Form<P extends { readonly form: string }> {
  /** What it is, in a line. */
  readonly does: string;
  /** Whether its functions are machine code, which is made from text of its own. */
  readonly isMachineCode: boolean;
  /** What it cannot represent of a network. */
  refuses?(network: ShapedNetwork): readonly Problem[];
  /** Every list of passes that it has for equations. */
  readonly lists: readonly { readonly list: readonly AnyPass[] }[];
  /** The passes by which a network becomes equations that suit the form. */
  equations(network: ShapedNetwork): Passes<'source', 'program'>;
  /** The passes that lay the equations out in functions. */
  readonly layout: { readonly list: readonly AnyPass[] };
  /** Lays the equations out in functions. Throws SpecError where they are too large for the form. */
  plan(program: Program, choice: Choice, watch?: Watch): P;
  /** The module's text. */
  print(network: ShapedNetwork, program: Program, planned: P, extras: Extras): string;
}
