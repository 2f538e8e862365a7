import type { Affine } from './affine.ts';
import { add, call, compare, count, divide, entry, multiply, one, sumOver, where } from './expression.ts';
import type { Condition, Coordinate, Expression } from './expressionKinds.ts';
import type { Read } from './place.ts';

/** The expression with every coordinate rewritten, those of bound indices too. */
export function mapCoordinates(e: Expression, change: (at: Affine) => Affine): Expression {
  return mapParts(e, (part) => mapCoordinates(part, change), change);
}

/** The expression with its direct parts rewritten, and its own coordinates if need be, and simplified again. */
export function mapParts(
  e: Expression,
  part: (e: Expression) => Expression,
  coordinate: (at: Affine) => Affine = (at) => at,
): Expression {
  const changedRead = (r: Read): Read => ({ ...r, at: r.at.map(coordinate) });
  const changedInside = ({ at, size }: Coordinate): Coordinate => ({ at: coordinate(at), size });
  switch (e.kind) {
    case 'number':
      return e;
    case 'read':
      return changedRead(e);
    case 'entry':
      return entry(e.matrix, [coordinate(e.at[0]), coordinate(e.at[1])]);
    case 'plus':
      return add(...e.terms.map(part));
    case 'times':
      return multiply(...e.factors.map(part));
    case 'divide':
      return divide(part(e.dividend), part(e.divisor));
    case 'call':
      return call(e.name, part(e.argument));
    case 'where':
      return where(mapCondition(e.condition, part, changedRead, coordinate, changedInside), part(e.yes), part(e.no));
    case 'sum':
      return sumOver(e.over, part(e.body));
    case 'max':
    case 'logSumExp':
      return { ...e, body: part(e.body) };
    case 'argmax':
      return { ...e, body: part(e.body), maximum: changedRead(e.maximum) };
    case 'count':
      return count(e.over, e.inside.map(changedInside), { at: e.at.map(coordinate), definition: e.definition });
    case 'address':
      return { ...e, winner: changedRead(e.winner) };
  }
}

/** The expression with every read outside conditions replaced; a read for which `change` gives nothing becomes `otherwise`. */
export function mapReads(
  e: Expression,
  change: (r: Read) => Expression | undefined,
  otherwise: Expression = one,
): Expression {
  const recur = (child: Expression): Expression => mapReads(child, change, otherwise);
  switch (e.kind) {
    case 'read':
      return change(e) ?? otherwise;
    case 'plus':
      return add(...e.terms.map(recur));
    case 'times':
      return multiply(...e.factors.map(recur));
    case 'divide':
      return divide(recur(e.dividend), recur(e.divisor));
    case 'call':
      return call(e.name, recur(e.argument));
    case 'where':
      return where(e.condition, recur(e.yes), recur(e.no));
    case 'sum':
      return sumOver(e.over, recur(e.body));
    case 'number':
    case 'entry':
    case 'max':
    case 'argmax':
    case 'logSumExp':
    case 'count':
    case 'address':
      return e;
  }
}

function mapCondition(
  condition: Condition,
  recur: (e: Expression) => Expression,
  recurRead: (e: Read) => Read,
  change: (at: Affine) => Affine,
  recurInside: (inside: Coordinate) => Coordinate,
): Condition {
  switch (condition.kind) {
    case 'compare':
      return compare(recur(condition.left), condition.sign, recur(condition.right));
    case 'winner':
      return { ...condition, winner: recurRead(condition.winner), at: condition.at.map(change) };
    case 'within':
      return { kind: 'within', coordinate: recurInside(condition.coordinate) };
  }
}
