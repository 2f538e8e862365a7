import { gather } from '../equations/gather.ts';
import { alongWinnersOf, isAlongWinners, mapGradients, resolveWinner, upstreamOf } from '../equations/winners.ts';
import type { Pass } from './pass.ts';

/** For loops, which can scatter to a place that only run time knows. */
export const alongWinners: Pass<'program'> = {
  name: 'alongWinners',
  does: 'behind a max pool a loop over places is one over windows, at their winners; what a pool hands down goes to its winner',
  gives: 'program',
  rewrite: 'dx[h+p] += dz[h]·W[p], dz[2i+u] += du[i]·[k[i] = u]   →   dx[2i+k+p] += du[i]·W[p]',
  run(program) {
    const upstream = upstreamOf(program);
    return mapGradients(program, (scatter) => {
      const source = upstream(scatter);
      const along = source && alongWinnersOf(scatter, source);
      if (along === undefined) return resolveWinner(scatter) ?? scatter;
      return isAlongWinners(along) ? along : gather(along);
    });
  },
};
