import type { PageEquation, PageExpression, PageRead } from './ir.ts';
import type { Machine } from './machine.ts';
import { elementsIn, type Formula, formulaOf, termsOf } from './statements.ts';

interface Element {
  readonly tensor: number;
  readonly offset: number;
}

/** A statement that reads an element. */
export interface Use {
  readonly equation: number;
  readonly target: Element;
}

/** A term of a gradient; `use` is the number of the use that causes it. */
export interface GradientTerm {
  readonly formula: Formula;
  readonly equation: number;
  readonly use: number | undefined;
}

interface Found {
  readonly read: PageRead;
  /** Indices of the reductions above it. */
  readonly over: readonly number[];
  /** What it is multiplied with: where one of these lies outside, the term is left out. */
  readonly partners: readonly PageRead[];
}

function readsIn(e: PageExpression, over: readonly number[], partners: readonly PageRead[]): readonly Found[] {
  switch (e.kind) {
    case 'number':
    case 'count':
      return [];
    case 'read':
      return [{ read: e, over, partners }];
    case 'plus':
      return e.terms.flatMap((one) => readsIn(one, over, partners));
    case 'times':
      return e.factors.flatMap((one) => {
        const others = e.factors.filter((other): other is PageRead => other !== one && other.kind === 'read');
        return readsIn(one, over, [...partners, ...others]);
      });
    case 'divide':
      return [...readsIn(e.dividend, over, partners), ...readsIn(e.divisor, over, partners)];
    case 'call':
      return readsIn(e.argument, over, partners);
    case 'where':
      return [...readsIn(e.yes, over, partners), ...readsIn(e.no, over, partners)];
    case 'sum':
    case 'max':
    case 'argmax':
    case 'logSumExp':
      return readsIn(e.body, [...over, ...e.over], partners);
  }
}

const storeOf = (machine: Machine, tensor: number): number => machine.tensor(tensor).store;

/** Every forward statement that reads an element, in the order of the equations and their places. */
export function usesOf(machine: Machine, { tensor, offset }: Element): readonly Use[] {
  const uses: Use[] = [];
  for (const [n, equation] of machine.data.equations.entries()) {
    if (equation.pass === 'backward') continue;
    const found = readsIn(equation.value, [], []).filter(({ read }) => storeOf(machine, read.tensor) === tensor);
    const isShown = machine.data.tensors[equation.target]?.role !== 'winner';
    if (found.length === 0 || !isShown) continue;
    const targets = new Set<number>();
    for (const { read, over, partners } of found) {
      const numbers = machine.tensor(equation.target);
      machine.forEachPlace(equation, undefined, (target) => {
        machine.loop(over, () => {
          const isRead = machine.elementAt(read) === offset;
          if (isRead && partners.every((one) => machine.elementAt(one) !== undefined)) targets.add(target);
        });
      });
      if (numbers.shape.length === 0) targets.add(0);
    }
    const store = storeOf(machine, equation.target);
    for (const target of [...targets].sort((a, b) => a - b))
      uses.push({ equation: n, target: { tensor: store, offset: target } });
  }
  return uses;
}

export function gradientOf(machine: Machine, tensor: number): number | undefined {
  return machine.data.gradients.find(([of]) => of === tensor)?.[1];
}

/** The terms of an element's gradient, each with the use that causes it: the one whose own gradient is its factor. */
export function gradientTerms(
  machine: Machine,
  { tensor, offset }: Element,
  uses: readonly Use[],
): readonly GradientTerm[] {
  const gradient = gradientOf(machine, tensor);
  if (gradient === undefined) return [];
  return machine.data.equations.flatMap((equation, n) => {
    if (storeOf(machine, equation.target) !== gradient) return [];
    const formula = formulaOf(machine, equation, offset);
    if (formula === undefined) return [];
    return termsOf(formula).map((term) => ({ formula: term, equation: n, use: useOf(machine, term, uses) }));
  });
}

function useOf(machine: Machine, term: Formula, uses: readonly Use[]): number | undefined {
  const read = elementsIn(term);
  const { gradients, loss } = machine.data;
  const comesBack = read.some(({ tensor }) => gradients.some(([, gradient]) => gradient === tensor));
  const found = uses.findIndex(({ target }) => {
    // ∂L/∂L is 1 and stands in no term.
    if (target.tensor === loss) return !comesBack;
    const gradient = gradientOf(machine, target.tensor);
    return read.some((one) => one.tensor === gradient && one.offset === target.offset);
  });
  return found < 0 ? undefined : found;
}

/** The equations that define a tensor in the forward pass. */
export function definitionsOf(machine: Machine, tensor: number): readonly PageEquation[] {
  return machine.data.equations.filter((one) => storeOf(machine, one.target) === tensor);
}

/** What an element is computed from, directly. */
export function readsOfElement(machine: Machine, { tensor, offset }: Element): readonly Element[] {
  return definitionsOf(machine, tensor).flatMap((equation) => {
    const formula = formulaOf(machine, equation, offset);
    return formula === undefined ? [] : elementsIn(formula);
  });
}

/** The places of the input that an element depends on, through all layers. */
export function receptiveField(machine: Machine, element: Element): ReadonlySet<number> {
  const reached = new Set<number>();
  const seen = new Set<string>();
  const open: Element[] = [element];
  for (let one = open.pop(); one !== undefined; one = open.pop()) {
    const key = `${one.tensor} ${one.offset}`;
    if (seen.has(key)) continue;
    seen.add(key);
    if (one.tensor === machine.data.input) reached.add(one.offset);
    else if (seen.size < 20_000) open.push(...readsOfElement(machine, one));
  }
  return reached;
}

/** What a choice touches, for the highlights. */
export interface Relations {
  /** What the choice is about: of a gradient the number whose gradient it is, else itself. Its are uses and terms. */
  readonly subject: Element;
  readonly uses: readonly Use[];
  readonly terms: readonly GradientTerm[];
  readonly field: ReadonlySet<number>;
  readonly reads: readonly Element[];
}

export function relate(machine: Machine, chosen: Element): Relations {
  const of = machine.data.gradients.find(([, gradient]) => gradient === chosen.tensor)?.[0];
  const subject = { tensor: of ?? chosen.tensor, offset: chosen.offset };
  const uses = usesOf(machine, subject);
  return {
    subject,
    uses,
    terms: gradientTerms(machine, subject, uses),
    // A gradient depends on nearly everything.
    field: of === undefined ? receptiveField(machine, chosen) : new Set(),
    reads: readsOfElement(machine, chosen),
  };
}
