import { staysWithin } from '../equations/affine.ts';
import type { Equation, Program } from '../equations/equation.ts';
import type { Expression } from '../equations/expression.ts';
import { gather } from '../equations/gather.ts';
import { forEachRead } from '../equations/visit.ts';
import { isAlongWinners, mapGradients } from '../equations/winners.ts';
import { pairsOf } from '../lists.ts';
import type { Note, Pass } from './pass.ts';

const rewrite = 'ds[i+p] += dt[i]·W[p], for all i, p   →   ds[h] = Σ_p dt[h−p]·W[p]';

/** One sum for each element, as a textbook has it. */
export const gatherAll: Pass<'program'> = {
  name: 'gather',
  does: 'what is scattered is one sum for each element',
  gives: 'program',
  rewrite,
  run: (program) => mapEvery(program, gather),
};

/** The same where a loop over the sum needs no bounds; else a loop scatters as the derivation gives it. */
export const gatherSmooth: Pass<'program'> = {
  name: 'gather',
  does: 'what is scattered is one sum for each element, where that needs no bounds',
  gives: 'program',
  rewrite,
  run: (program, note) => mapEvery(program, (one) => gatheredIfSmooth(one, note)),
};

/** What a layer scatters is computed as one sum for each element too. */
function mapEvery(program: Program, change: (scatter: Equation) => Equation): Program {
  const { forward, backward } = mapGradients(program, change);
  return {
    ...program,
    forward: forward.map(change),
    backward: backward.map((one) => (one.pass === 'loss' ? change(one) : one)),
  };
}

function gatheredIfSmooth(scatter: Equation, note: Note): Equation {
  if (isAlongWinners(scatter)) return scatter;
  const gathered = gather(scatter);
  if (isSmooth(gathered.value)) return gathered;
  note(`${scatter.target.name}: as one sum it would ask at every place whether its terms exist`);
  return scatter;
}

/** No condition on places, and no parameter read outside: padding with zeros is enough. */
function isSmooth(value: Expression): boolean {
  let isFine = !hasRange(value);
  forEachRead(value, false, ({ tensor, at }) => {
    const isInside = pairsOf(at, tensor.shape).every(([coordinate, size]) => staysWithin(coordinate, size));
    if (!isInside && (tensor.role === 'parameter' || tensor.viewOf !== undefined)) isFine = false;
  });
  return isFine;
}

function hasRange(e: Expression): boolean {
  switch (e.kind) {
    case 'plus':
      return e.terms.some(hasRange);
    case 'times':
      return e.factors.some(hasRange);
    case 'divide':
      return hasRange(e.dividend) || hasRange(e.divisor);
    case 'call':
      return hasRange(e.argument);
    case 'where':
      return e.condition.kind !== 'compare' || hasRange(e.yes) || hasRange(e.no);
    case 'sum':
    case 'max':
    case 'logSumExp':
      return hasRange(e.body);
    case 'number':
    case 'read':
    case 'entry':
    case 'argmax':
    case 'count':
    case 'address':
      return false;
  }
}
