import { type Affine, sameCoordinates } from './affine.ts';
import type { Condition, Expression } from './expressionKinds.ts';
import type { Read } from './place.ts';

/** Structural equality. */
export function sameExpression(a: Expression, b: Expression): boolean {
  return a === b || signature(a) === signature(b);
}

/** Structural equality of conditions. */
export function sameCondition(a: Condition, b: Condition): boolean {
  return a === b || conditionSignature(a) === conditionSignature(b);
}

const identities = new WeakMap<object, number>();
let nextIdentity = 0;

function identityOf(object: object): number {
  const known = identities.get(object);
  if (known !== undefined) return known;
  identities.set(object, ++nextIdentity);
  return nextIdentity;
}

function affineSignature({ constant, terms }: Affine): string {
  const parts = [...terms].map(([one, coefficient]) => `${coefficient}#${identityOf(one)}`).sort();
  return [constant, ...parts].join('+');
}

function signature(e: Expression): string {
  switch (e.kind) {
    case 'number':
      return String(e.value);
    case 'read':
      return `@${identityOf(e.tensor)}[${e.at.map(affineSignature).join()}]`;
    case 'entry':
      return `@${identityOf(e.matrix)}[${e.at.map(affineSignature).join()}]`;
    case 'plus':
      return `(+ ${e.terms.map(signature).join(' ')})`;
    case 'times':
      return `(* ${e.factors.map(signature).join(' ')})`;
    case 'divide':
      return `(/ ${signature(e.dividend)} ${signature(e.divisor)})`;
    case 'call':
      return `(${e.name} ${signature(e.argument)})`;
    case 'where':
      return `(? ${conditionSignature(e.condition)} ${signature(e.yes)} ${signature(e.no)})`;
    case 'address':
      return `(address ${signature(e.winner)} ${e.strides.join()})`;
    case 'count':
      return `(count ${e.over.map(identityOf).join()} ${e.inside.map(({ at }) => affineSignature(at)).join()})`;
    case 'sum':
    case 'max':
    case 'argmax':
    case 'logSumExp':
      return `(${e.kind} ${e.over.map(identityOf).join()} ${signature(e.body)})`;
  }
}

function conditionSignature(condition: Condition): string {
  switch (condition.kind) {
    case 'compare':
      return `(${condition.sign} ${signature(condition.left)} ${signature(condition.right)})`;
    case 'winner':
      return `(winner ${signature(condition.winner)} ${condition.at.map(affineSignature).join()})`;
    case 'within':
      return `(within ${affineSignature(condition.coordinate.at)} ${condition.coordinate.size})`;
  }
}

/** Whether two reads are of the same element for every value of the indices. */
export function sameRead(a: Read, b: Read): boolean {
  return a.tensor === b.tensor && sameCoordinates(a.at, b.at);
}
