import type { Expression } from './expressionKinds.ts';
import type { FunctionName } from './functionName.ts';
import type { Read } from './place.ts';

/** Visits every read; `isAbsorbed` where it is a factor of what is summed, and so may be 0 instead of absent. */
export function forEachRead(e: Expression, isAbsorbed: boolean, visit: (r: Read, isAbsorbed: boolean) => void): void {
  switch (e.kind) {
    case 'number':
    case 'entry':
    case 'count':
      return;
    case 'read':
      visit(e, isAbsorbed);
      return;
    case 'plus':
      for (const term of e.terms) forEachRead(term, false, visit);
      return;
    case 'times': {
      for (const factor of e.factors) forEachRead(factor, isAbsorbed && factor.kind === 'read', visit);
      return;
    }
    case 'divide':
      forEachRead(e.dividend, isAbsorbed, visit);
      forEachRead(e.divisor, false, visit);
      return;
    case 'call':
      forEachRead(e.argument, false, visit);
      return;
    case 'where':
      if (e.condition.kind === 'compare') {
        forEachRead(e.condition.left, false, visit);
        forEachRead(e.condition.right, false, visit);
      } else if (e.condition.kind === 'winner') visit(e.condition.winner, false);
      forEachRead(e.yes, false, visit);
      forEachRead(e.no, false, visit);
      return;
    case 'sum':
      forEachRead(e.body, true, visit);
      return;
    case 'max':
    case 'logSumExp':
      forEachRead(e.body, false, visit);
      return;
    case 'argmax':
      forEachRead(e.body, false, visit);
      visit(e.maximum, false);
      return;
    case 'address':
      visit(e.winner, false);
  }
}

/** Visits the name of every scalar function. */
export function forEachCall(e: Expression, visit: (name: FunctionName) => void): void {
  if (e.kind === 'call') visit(e.name);
  for (const child of childrenOf(e)) forEachCall(child, visit);
}

/** The expressions directly inside an expression, those of its condition included. */
export function childrenOf(e: Expression): readonly Expression[] {
  switch (e.kind) {
    case 'number':
    case 'read':
    case 'entry':
    case 'count':
      return [];
    case 'plus':
      return e.terms;
    case 'times':
      return e.factors;
    case 'divide':
      return [e.dividend, e.divisor];
    case 'call':
      return [e.argument];
    case 'where': {
      const { condition } = e;
      const asked =
        condition.kind === 'compare'
          ? [condition.left, condition.right]
          : condition.kind === 'winner'
            ? [condition.winner]
            : [];
      return [...asked, e.yes, e.no];
    }
    case 'sum':
    case 'max':
    case 'logSumExp':
      return [e.body];
    case 'argmax':
      return [e.body, e.maximum];
    case 'address':
      return [e.winner];
  }
}

/** Every read in an expression, conditions included. */
export function readsOf(e: Expression): Read[] {
  return e.kind === 'read' ? [e] : childrenOf(e).flatMap(readsOf);
}
