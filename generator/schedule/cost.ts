import type { Program } from '../equations/equation.ts';

/** Products summed up in the forward pass, with every window full. */
export function macsOf({ forward }: Program): number {
  let macs = 0;
  for (const { over, value } of forward) {
    const summed = value.kind === 'plus' ? value.terms.find(({ kind }) => kind === 'sum') : value;
    if (summed?.kind !== 'sum' || summed.body.kind !== 'times') continue;
    macs += [...over, ...summed.over].reduce((product, { size }) => product * size, 1);
  }
  return macs;
}
