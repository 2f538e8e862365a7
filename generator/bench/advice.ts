import type { FormBench, NetworkBench, Timing } from './bench.ts';
import { formatMicroseconds, formatSeconds } from './units.ts';

/** Forms whose times differ by less are as fast as each other: another run may turn them round. */
const level = 1.05;

/** Which form to take, in one sentence for each precision that there is, and what to think of before relying on it. */
export function adviceOn({ forms }: Pick<NetworkBench, 'forms'>): readonly string[] {
  const exact = forms.filter(({ precision }) => precision === 'float64');
  const isMixed = exact.length > 0 && exact.length < forms.length;
  return [
    ...(isMixed ? [`In float32, with 7 digits, or float64: ${choice(forms)}.`] : [`${choice(forms)}.`]),
    ...(isMixed ? [`In float64, with 16 digits: ${choice(exact)}.`] : []),
    ...slowStarts(forms),
    ...unsettled(forms),
  ];
}

/** The forms level with the fastest at a task, that one first; none where the task does not exist. */
function fastest(forms: readonly FormBench[], timingOf: (form: FormBench) => Timing | null): readonly FormBench[] {
  const timeOf = (form: FormBench): number => timingOf(form)?.microseconds ?? Number.POSITIVE_INFINITY;
  const least = Math.min(...forms.map(timeOf));
  return forms.filter((form) => timeOf(form) < level * least).toSorted((a, b) => timeOf(a) - timeOf(b));
}

function choice(forms: readonly FormBench[]): string {
  const forward = fastest(forms, (form) => form.forward);
  const training = fastest(forms, (form) => form.training);
  const both = training.length === 0 ? forward[0] : training.find((form) => forward.includes(form));
  if (both === undefined) {
    const [runs, trains] = [forward[0]!, training[0]!];
    return (
      `Fastest forward is ${runs.form}, ${formatMicroseconds(runs.forward.microseconds)}; ` +
      `fastest in training is ${trains.form}, ${formatMicroseconds(trains.training!.microseconds)} a step`
    );
  }
  const times = [
    `${formatMicroseconds(both.forward.microseconds)} forward`,
    ...(both.training === null ? [] : [`${formatMicroseconds(both.training.microseconds)} a training step`]),
  ];
  const rivals = forward.filter((form) => form !== both && (training.length === 0 || training.includes(form)));
  const rank = forms.length === 1 ? 'the only form' : rivals.length === 0 ? 'the fastest' : asFast(rivals);
  return `${both.form} is ${rank}: ${times.join(', ')} (--form ${both.form})`;
}

function asFast(rivals: readonly FormBench[]): string {
  return `as fast as ${rivals.map(({ form }) => form).join(' and ')}, and no form is faster`;
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
