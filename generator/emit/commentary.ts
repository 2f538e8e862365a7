import { definingEquations } from '../equations/defines.ts';
import type { Equation, Program } from '../equations/equation.ts';
import { printDerivation } from '../print/derivation.ts';
import { printEquation } from '../print/equation.ts';
import { explainEquation } from '../print/explain.ts';
import type { Sign } from '../print/notation.ts';
import { describeView } from '../print/views.ts';
import type { ShapedNetwork } from '../spec/network.ts';
import { layerTitle } from './layerTitle.ts';

/** What a file says about its equations, whatever its form: one rule for `=` and `+=`, for titles and for notes. */
export class Commentary {
  readonly #network: ShapedNetwork;
  readonly #program: Program;
  readonly #defining: ReadonlySet<Equation>;
  readonly #derives: boolean;
  readonly #described = new Set<string>();

  /**
   * @param equations all that the file computes
   * @param derives whether derivations stand above the gradients
   */
  constructor(network: ShapedNetwork, program: Program, equations: readonly Equation[], derives = false) {
    this.#network = network;
    this.#program = program;
    this.#defining = definingEquations(equations, program.outputGradient);
    this.#derives = derives;
  }

  signOf(equation: Equation): Sign {
    return this.#defining.has(equation) ? '=' : '+=';
  }

  /** The layer's title; before it a line for each layer on the way that computes nothing. */
  title(layer: string): readonly string[] {
    return [...this.viewsBefore(layer), layerTitle(this.#network, layer)];
  }

  /** The layers in front of one, or of the end, that only show numbers in another shape and have not been described. */
  viewsBefore(layer: string | undefined): readonly string[] {
    const names = this.#network.layers.map(({ name }) => name);
    const end = layer === undefined ? names.length : names.indexOf(layer);
    return this.#program.views.flatMap((view) => {
      if (this.#described.has(view.layer) || names.indexOf(view.layer) >= end) return [];
      this.#described.add(view.layer);
      return [`${layerTitle(this.#network, view.layer)}. ${describeView(view, this.#program)}`];
    });
  }

  /** The equation in one line. */
  line(equation: Equation): string {
    return printEquation(equation, this.signOf(equation));
  }

  /** What stands above the line: how a gradient comes about, where that is asked for. */
  derivation(equation: Equation): readonly string[] {
    return this.#derives ? printDerivation(equation) : [];
  }

  /** What stands under the line. */
  notes(equation: Equation): readonly string[] {
    return explainEquation(equation, this.signOf(equation));
  }
}
