import type { NetworkCheck } from './check.ts';
import type { Kink } from './kinks.ts';
import { growthFor, type Precision, precisionFor, precisions, shortSum, tileGrowth } from './precision.ts';

/** In plain words, line by line: what the columns of the tables mean, and what was left out. */
export function explain(check: NetworkCheck): readonly string[] {
  const used = precisions.filter(({ name }) => check.forms.some(({ precision }) => precision === name));
  const byTiles = check.forms.some((one) => one.byTiles);
  return [
    ...used.flatMap((base) => explainColumns(precisionFor(base, check.longestSum, byTiles), check, byTiles)),
    ...explainKinks(check),
    ...explainTies(check),
  ];
}

function explainColumns(
  { name, agreement, differences, adjoint }: Precision,
  { loss, longestSum }: NetworkCheck,
  byTiles: boolean,
): readonly string[] {
  const objective = loss === null ? 'Σ ∂L/∂output · output' : 'the loss';
  const slope = loss === null ? '⟨J·u, v⟩ by forward' : 'the slope of the loss by forward';
  const growth = `               √(${longestSum}/${shortSum}) times that of short sums, as the longest has ${longestSum} terms`;
  return [
    `Errors in ${name}, relative to the largest value of the tensor over all samples; up to ${agreement} but where stated:`,
    '  reference    output and loss, against the reference interpreter',
    `  differences  gradients of ${objective}, against differences of the reference, in the slots stated; up to ${differences}`,
    `  adjoint      every slot at once, along a random direction u: ${slope} = ⟨u, Jᵀ·v⟩ by backward; up to ${adjoint}`,
    ...(name === 'float32' && growthFor(longestSum) > 1 ? [growth] : []),
    ...(name === 'float32' && byTiles ? explainTiles : []),
  ];
}

const explainTiles = [
  `  All but the differences may be ${tileGrowth} times what they may be of sums: convolutions go by transformed tiles (Winograd), which`,
  '  lose up to ten times as much; generate --no-winograd does without. On hard numbers, which are exact in sums and not in',
  '  tiles, a loss counts by the largest number that it is an exponential of.',
];

/** Longer lists help nobody. */
const kinksShown = 5;

function explainKinks({ kinks, forms }: NetworkCheck): readonly string[] {
  const shown = kinks.slice(0, kinksShown).map(printKink);
  const rest = kinks.length - shown.length;
  const slots = [
    `Left out beside a kink, where there is no derivative: ${counted(kinks.length, 'slot')}`,
    ...shown.map((line) => `  ${line}`),
    ...(rest > 0 ? [`  and ${rest} more; --json lists them`] : []),
  ];
  const directions = forms.flatMap(({ tensors }) => tensors).reduce((sum, row) => sum + (row.adjoint?.kinks ?? 0), 0);
  return [
    ...(kinks.length > 0 ? slots : []),
    ...(directions > 0 ? [`Left out, as they met a kink: ${counted(directions, 'direction')}`] : []),
  ];
}

function printKink({ sample, variable, index, layer }: Kink): string {
  const place = layer === undefined ? '' : `: ${layer} bends there`;
  return `${variable}[${index.join(',')}] in sample ${sample}${place}`;
}

function explainTies({ tied }: NetworkCheck): readonly string[] {
  return tied.map(
    ({ sample, layers }) =>
      `Left out: all gradients of sample ${sample}. ${layers.join(', ')} sees equal values, and what ties 'all' gives ` +
      'them is a convention, not a derivative.',
  );
}

/** `1 slot`, `2 slots` */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
