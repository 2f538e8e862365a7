import type { Sum } from '../../../code/code.ts';
import { bounds, type Index, winnersIn } from '../../../equations/affine.ts';
import { type Contraction, contractionOf } from '../../loops/contraction.ts';
import type { Member } from '../../loops/member.ts';
import { type Constraint, type Place, places } from '../../loops/places.ts';
import { vectorPolicy } from '../../loops/vectorPolicy.ts';

/**
 * The loops around the innermost one of a sum that would often multiply by the zeros of a border, each with the coordinate
 * that leaves the image, as it was before loops were joined. Every place keeps a turn, and knows its range beforehand.
 */
export function narrowedLoops(
  { equation, within = [] }: Member,
  { summed }: Contraction,
  vector: Index | undefined,
): ReadonlyMap<Index, Constraint> {
  if (equation.staysInside) return new Map();
  const outer = equation.over.filter((one) => one !== vector);
  const coordinates = (contractionOf(equation)?.factors ?? []).flatMap(({ tensor, at }) =>
    at.map((coordinate, axis): Constraint => ({ at: coordinate, size: tensor.shape[axis] as number })),
  );
  return new Map(
    summed.slice(0, -1).flatMap((one): [Index, Constraint][] => {
      const known = new Set([one, ...outer, ...within]);
      const constraint = coordinates.find(({ at, size }) => {
        const range = bounds(at);
        const isOpen = at.terms.has(one) && (range.min < 0 || range.max >= size);
        if (!isOpen || winnersIn(at).length > 0 || ![...at.terms.keys()].every((index) => known.has(index)))
          return false;
        const turns = turnsInside({ at, size }, one, within);
        const share = turns.reduce((sum, count) => sum + count, 0) / (turns.length * one.size);
        return Math.min(...turns) > 0 && 1 - share >= vectorPolicy.turnsWorthLeavingOut;
      });
      return constraint ? [[one, constraint]] : [];
    }),
  );
}

/** At each place, how many of an index's turns are inside for some place of a window. */
function turnsInside({ at, size }: Constraint, one: Index, within: readonly Index[]): readonly number[] {
  const own = [...at.terms.keys()];
  const isInside = (place: Place): boolean => {
    let value = at.constant;
    for (const [index, factor] of at.terms) value += factor * (place.get(index) as Sum).constant;
    return value >= 0 && value < size;
  };
  const window = own.filter((index) => within.includes(index));
  return places(
    own.filter((index) => index !== one && !window.includes(index)),
    new Map(),
  ).map((place) => places([one], place).filter((turn) => places(window, turn).some(isInside)).length);
}
