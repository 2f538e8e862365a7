import type { FormBench, NetworkBench, Timing } from './bench.ts';
import { formatMicroseconds, formatSeconds } from './units.ts';

/** Forms whose times differ by less are as fast as each other: another run may turn them round. */
const level = 1.05;

/** Which form to take, in one sentence for each precision that matters, and what to think of before relying on it. */
export function adviceOn({ forms }: Pick<NetworkBench, 'forms'>): readonly string[] {
  const best = fastestAtEach(forms);
  const isExact = ({ precision }: FormBench) => precision === 'float64';
  const exact = forms.filter(isExact);
  const needsExact = exact.length > 0 && ![...best.forward, ...best.training].every(isExact);
  return [
    `${choice(best, forms)}.`,
    ...(needsExact ? [`In float64, with 16 digits instead of 7, ${choice(fastestAtEach(exact), exact)}.`] : []),
    ...slowStarts(forms),
    ...unsettled(forms),
  ];
}

/** For each task the forms level with the fastest, that one first; none where the task does not exist. */
interface Fastest {
  readonly forward: readonly FormBench[];
  readonly training: readonly FormBench[];
}

function fastestAtEach(forms: readonly FormBench[]): Fastest {
  const fastest = (task: keyof Fastest): readonly FormBench[] => {
    const timeOf = (form: FormBench): number => form[task]?.microseconds ?? Number.POSITIVE_INFINITY;
    const least = Math.min(...forms.map(timeOf));
    return forms.filter((form) => timeOf(form) < level * least).toSorted((a, b) => timeOf(a) - timeOf(b));
  };
  return { forward: fastest('forward'), training: fastest('training') };
}

function choice({ forward, training }: Fastest, forms: readonly FormBench[]): string {
  const trains = training.length > 0;
  const both = trains ? training.filter((form) => forward.includes(form)) : forward;
  const [taken, ...rivals] = both;
  if (taken === undefined) {
    const [runs, trained] = [forward[0]!, training[0]!];
    const sentences = [
      `${runs.form} is the fastest forward, ${printTime(runs.forward)} (--form ${runs.form})`,
      `${trained.form} is the fastest in training, ${printTime(trained.training!)} a step (--form ${trained.form})`,
    ];
    return sentences.join('; ');
  }
  const times = `${printTime(taken.forward)} forward${trains ? `, ${printTime(taken.training!)} a training step` : ''}`;
  const names = rivals.map(({ form }) => form).join(' and ');
  const level = `as fast as ${names}, and no form is faster`;
  const rank = forms.length === 1 ? 'the only form' : rivals.length === 0 ? 'the fastest' : level;
  return `${taken.form} is ${rank}: ${times} (--form ${taken.form})`;
}

function printTime({ microseconds }: Timing): string {
  return formatMicroseconds(microseconds);
}

/** A warm-up is long from here on, in milliseconds and compared with the shortest. */
const longStart = { milliseconds: 200, ratio: 2 };

function slowStarts(forms: readonly FormBench[]): readonly string[] {
  const warm = forms
    .filter(({ warmUp }) => warmUp.settled)
    .toSorted((a, b) => a.warmUp.milliseconds - b.warmUp.milliseconds);
  const [soonest] = warm;
  if (soonest === undefined) return [];
  const { milliseconds: least } = soonest.warmUp;
  return warm
    .filter(({ warmUp: { milliseconds } }) => milliseconds > Math.max(longStart.milliseconds, longStart.ratio * least))
    .map(
      ({ form, warmUp: { milliseconds } }) =>
        `${form} starts slower: it takes ${formatSeconds(milliseconds)} to reach its speed, ${soonest.form} ${formatSeconds(least)}.`,
    );
}

function unsettled(forms: readonly FormBench[]): readonly string[] {
  return forms
    .filter(({ warmUp }) => !warmUp.settled)
    .map(({ form }) => `${form} was not warm when it was timed: it becomes faster than this.`);
}
