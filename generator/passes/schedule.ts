import type { Equation } from '../equations/equation.ts';
import type { Joined, Scheduled } from '../schedule/loops/draft.ts';
import type { Scheduler } from '../schedule/loops/schedule.ts';
import type { Pass } from './pass.ts';

/** Chooses how the loops of each nest run. */
export function schedule(scheduler: Scheduler): Pass<'joined', 'scheduled'> {
  return {
    name: 'schedule',
    does: 'the loops of a nest are ordered, tiled, written out, put into vectors',
    gives: 'scheduled',
    rewrite: 'for i, o: Σ_p   →   order o, i, p; tile o by 4, i by 2; vector o',
    run(draft, note) {
      const plan = ({ equations, cleared, members }: Joined): Scheduled => ({
        equations,
        cleared,
        schedules:
          members.length === 0 ? [] : scheduler(members, draft.layouts, (why) => note(`${named(equations)}: ${why}`)),
      });
      return { ...draft, parts: draft.parts.map((part) => ({ ...part, nests: part.nests.map(plan) })) };
    },
  };
}

/** A nest, by what it computes. */
function named(equations: readonly Equation[]): string {
  return equations.map(({ target }) => target.name).join(' with ');
}
