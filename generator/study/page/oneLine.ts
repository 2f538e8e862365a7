import type { Machine } from './machine.ts';
import { mathPen } from './mathPen.ts';
import { definitionsOf } from './relations.ts';
import { elementName, type Formula, formulaOf, write } from './statements.ts';

interface Element {
  readonly tensor: number;
  readonly offset: number;
}

export const longestLine = 5000;

/** An element as one formula: names are replaced by their definitions to a depth, and those that are opened. */
export class OneLine {
  readonly #machine: Machine;
  readonly #known = new Map<string, Formula | undefined>();

  constructor(machine: Machine) {
    this.#machine = machine;
  }

  /** The formula of an element; undefined for what is given. */
  definition({ tensor, offset }: Element): Formula | undefined {
    const key = `${tensor} ${offset}`;
    if (!this.#known.has(key)) {
      const found = definitionsOf(this.#machine, tensor).flatMap((one) => formulaOf(this.#machine, one, offset) ?? []);
      this.#known.set(key, found.length > 1 ? { kind: 'plus', parts: found } : found[0]);
    }
    return this.#known.get(key);
  }

  /** How deep an element can be opened. */
  depth(element: Element, limit = 40): number {
    const seen = new Map<string, number>();
    const visit = (one: Element, left: number): number => {
      const key = `${one.tensor} ${one.offset}`;
      const known = seen.get(key);
      if (known !== undefined) return known;
      const formula = left > 0 ? this.definition(one) : undefined;
      const inner =
        formula === undefined ? 0 : 1 + Math.max(0, ...elementsOnce(formula).map((part) => visit(part, left - 1)));
      seen.set(key, inner);
      return inner;
    };
    return visit(element, limit);
  }

  /**
   * The text; `open` names what is opened beyond the depth. Over the limit it is a number: how long it would be.
   * `mark` writes a name with what a page wants to know of it.
   */
  text(
    element: Element,
    depth: number,
    open: ReadonlySet<string>,
    name: (tensor: number, offset: number) => string,
    mark = name,
  ): string | number {
    const sizes = new Map<string, number>();
    const length = this.#length(element, depth, open, name, sizes);
    if (length > longestLine) return length;
    return this.#print(element, depth, open, mark);
  }

  #opens({ tensor, offset }: Element, depth: number, open: ReadonlySet<string>): Formula | undefined {
    const isOpen = depth > 0 || open.has(elementName(this.#machine, tensor, offset));
    return isOpen ? this.definition({ tensor, offset }) : undefined;
  }

  #print(
    element: Element,
    depth: number,
    open: ReadonlySet<string>,
    name: (tensor: number, offset: number) => string,
    outer = 0,
  ): string {
    const formula = this.#opens(element, depth, open);
    if (formula === undefined) return name(element.tensor, element.offset);
    const pen = mathPen((tensor, offset, around) => this.#print({ tensor, offset }, depth - 1, open, name, around));
    return write(formula, pen, outer);
  }

  /** As long as the text would be, without writing it: names count once each. */
  #length(
    element: Element,
    depth: number,
    open: ReadonlySet<string>,
    name: (tensor: number, offset: number) => string,
    known: Map<string, number>,
  ): number {
    const key = `${element.tensor} ${element.offset} ${depth}`;
    const found = known.get(key);
    if (found !== undefined) return found;
    const formula = this.#opens(element, depth, open);
    let length = name(element.tensor, element.offset).length;
    if (formula !== undefined) {
      const frame = write(
        formula,
        mathPen(() => ''),
      );
      length = frame.length;
      write(
        formula,
        mathPen((tensor, offset) => {
          length += this.#length({ tensor, offset }, depth - 1, open, name, known);
          return '';
        }),
      );
    }
    known.set(key, length);
    return length;
  }
}

function elementsOnce(f: Formula): readonly Element[] {
  if (f.kind === 'element') return [f];
  return f.kind === 'number' ? [] : f.parts.flatMap(elementsOnce);
}
