import type { Expression } from './expressionKinds.ts';
import type { FunctionName } from './functionName.ts';
import type { Read } from './place.ts';

/** Visits every read; `isAbsorbed` where it is a factor of what is summed, and so may be 0 instead of absent. */
export function forEachRead(e: Expression, isAbsorbed: boolean, visit: (r: Read, isAbsorbed: boolean) => void): void {
  if (e.kind === 'read') visit(e, isAbsorbed);
  for (const [position, child] of childrenOf(e).entries()) {
    forEachRead(child, absorbs(e, child, position, isAbsorbed), visit);
  }
}

function absorbs(e: Expression, child: Expression, position: number, isAbsorbed: boolean): boolean {
  if (e.kind === 'sum') return true;
  if (e.kind === 'times') return isAbsorbed && child.kind === 'read';
  const isDividend = e.kind === 'divide' && position === 0;
  return isAbsorbed && isDividend;
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
