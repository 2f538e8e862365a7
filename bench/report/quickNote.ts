import { type Effort, FULL } from '../core/rounds.ts';

/** A warning where little effort was made. */
export function quickNote({ rounds }: Effort): string {
  return rounds < FULL.rounds ? '\n\n**A quick run, to see that everything works: its figures are no figures.**' : '';
}
