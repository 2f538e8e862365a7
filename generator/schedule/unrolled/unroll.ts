import { add, isZero } from '../../code/arithmetic.ts';
import type { Value } from '../../code/code.ts';
import { evaluateAffine, forEachPlace, type Place } from '../../equations/affine.ts';
import type { Equation } from '../../equations/equation.ts';
import type { Names } from '../../equations/names.ts';
import { slidingForm } from '../../equations/slide.ts';
import { offsetOf, storageOf, type Tensor } from '../../equations/tensor.ts';
import { type Definition, type Element, holdsIntegers } from './element.ts';
import { Evaluator } from './evaluate.ts';
import { withoutNothing } from './withoutNothing.ts';

/** The equations that add up to one tensor, written out: a definition for each element. */
export interface Block {
  readonly target: Tensor;
  readonly equations: readonly Equation[];
  readonly definitions: readonly Definition[];
}

/** Writes equations out. All passes of a program go through one unroller, so that they share their elements. */
export class Unroller {
  readonly #evaluator: Evaluator;

  /**
   * @param given tensors whose numbers come from outside, although an equation could define them
   * @param names those of what the unroller adds
   */
  constructor(given: readonly Tensor[], names: Names) {
    this.#evaluator = new Evaluator(given, names);
  }

  /** Blocks in the order of the last equation that adds to each tensor. */
  unroll(equations: readonly Equation[]): Block[] {
    const byTarget = new Map<Tensor, Equation[]>();
    for (const one of equations) {
      const target = storageOf(one.target);
      const siblings = byTarget.get(target) ?? [];
      byTarget.delete(target);
      byTarget.set(target, [...siblings, one]);
    }
    return [...byTarget].flatMap(([target, siblings]) => {
      const block = this.#block(target, siblings);
      const addresses = this.#evaluator.addresses.take().map((one) => this.#block(one.target, [one]));
      return [...addresses, block];
    });
  }

  #block(target: Tensor, equations: readonly Equation[]): Block {
    const { elements } = this.#evaluator;
    const definitions = holdsIntegers(target) ? this.#integers(equations) : this.#sums(target, equations);
    for (const { element } of definitions) elements.define(element);
    const shown = definitions.length === 0 ? equations : equations.map((one) => withoutNothing(one, elements));
    return { target, equations: shown, definitions: definitions.map(({ definition }) => definition) };
  }

  #integers(equations: readonly Equation[]): Defined[] {
    const defined: Defined[] = [];
    this.#forEachElement(equations, (element, { value }, place) => {
      const int = this.#evaluator.integer(value, place);
      defined.push({ element, definition: { kind: 'integer', variable: element, value: int } });
    });
    return defined.sort((a, b) => a.element.cell.offset - b.element.cell.offset);
  }

  #sums(target: Tensor, equations: readonly Equation[]): Defined[] {
    const sums = new Map<Element, Value[]>(this.#evaluator.elements.of(target).map((element) => [element, []]));
    // The terms of a sum stand in the order in which the picture slides.
    this.#forEachElement(equations.map(slidingForm), (element, { value }, place) => {
      const term = this.#evaluator.value(value, place);
      if (term !== undefined && !isZero(term)) sums.get(element)?.push(term);
    });
    return [...sums].flatMap(([element, terms]): Defined[] => {
      if (terms.length === 0 && target.role !== 'loss') return [];
      return [{ element, definition: { kind: 'constant', local: element, value: add(terms) } }];
    });
  }

  #forEachElement(
    equations: readonly Equation[],
    visit: (element: Element, equation: Equation, place: Place) => void,
  ): void {
    for (const one of equations) {
      const { target, at, over, layer, pass } = one;
      this.#evaluator.enter({ layer, pass });
      const elements = this.#evaluator.elements.of(target);
      forEachPlace(over, (place) => {
        const coordinates = at.map((coordinate) => evaluateAffine(coordinate, place));
        const element = elements[offsetOf(target.shape, coordinates) ?? -1];
        if (element !== undefined) visit(element, one, place);
      });
    }
  }
}

interface Defined {
  readonly element: Element;
  readonly definition: Definition;
}
