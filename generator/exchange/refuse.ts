import type { Network } from '../spec/network.ts';
import { SpecError } from '../spec/problem.ts';
import { printable } from '../spec/show.ts';

/** Ends the reading of a file with one problem: the place in it, what was found there, what would be right. */
export function refuse(path: string, found: string, expected: string): never {
  throw new SpecError([{ path, found: `found ${found}`, expected: `expected ${expected}` }]);
}

/** Refuses a network whose inputs or outputs have names. */
export function refuseNamedEnds({ inputs, outputs }: Network, what: string): void {
  const names = (inputs ?? outputs)?.map(({ name }) => name).join(', ');
  if (names === undefined) return;
  const place = inputs === undefined ? 'outputs' : 'input';
  refuse(place, `the names ${names}`, `one input and one output without names, for ${what}`);
}

/** A name out of a file as a message may show it: escaped, and cut where nobody would read on. */
export function quote(name: string): string {
  const shown = printable(name.slice(0, 81));
  return `'${shown.length > 80 ? `${shown.slice(0, 79)}…` : shown}'`;
}

/** `[3, 3, 1, 8]` */
export function showShape(shape: readonly number[]): string {
  return `[${shape.slice(0, 8).join(', ')}${shape.length > 8 ? ', …' : ''}]`;
}
