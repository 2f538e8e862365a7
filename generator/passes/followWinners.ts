import { winnersIn } from '../equations/affine.ts';
import type { Equation } from '../equations/equation.ts';
import { gather } from '../equations/gather.ts';
import { alongWinnersOf, mapGradients, upstreamOf } from '../equations/winners.ts';
import type { Pass } from './pass.ts';

/** For code that is written out, in which every element of a gradient is one sum. */
export const followWinners: Pass<'program'> = {
  name: 'followWinners',
  does: 'behind a max pool a sum over places is one over windows, taken at their winners',
  gives: 'program',
  rewrite: 'dW[p] += dz[h]·x[h+p], dz[2i+u] += du[i]·[k[i] = u]   →   dW[p] = Σ_i du[i]·x[2i+k+p]',
  run(program, note) {
    const upstream = upstreamOf(program);
    return mapGradients(program, (scatter) => {
      const source = upstream(scatter);
      const along = source && alongWinnersOf(scatter, source);
      if (along === undefined) return scatter;
      const gathered = gather(along);
      if (!isPlaceKnown(gathered)) note(`${scatter.target.name}: its own place would depend on the winner`);
      return isPlaceKnown(gathered) ? gathered : scatter;
    });
  },
};

function isPlaceKnown({ at }: Equation): boolean {
  return at.every((coordinate) => winnersIn(coordinate).length === 0);
}
