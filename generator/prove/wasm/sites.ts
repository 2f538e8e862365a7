import type { Branch } from '../branches.ts';

/** An instruction that reads or writes memory. */
export interface Site {
  readonly function: number;
  /** Where it stands in the module. */
  readonly at: number;
  readonly name: string;
  readonly isWrite: boolean;
}

/** The places of a module that its run is told about: what reads and writes, and what may go several ways. */
export class Sites {
  readonly accesses: Site[] = [];
  readonly branches: Branch[] = [];
  /** How many numbers the list of what was visited needs. */
  places: number;

  /** @param functions how many functions there are: each has a place of its own */
  constructor(functions: number) {
    this.places = functions;
  }

  access(position: number, at: number, name: string, isWrite: boolean): number {
    return this.accesses.push({ function: position, at, name, isWrite }) - 1;
  }

  /**
   * Numbers the outcomes of a comparison; the number of the first. Behind the last are one for ties and one that tells
   * whether numbers of the network were compared at all: a lane that nothing uses holds zeros.
   */
  branch(position: number, at: number, text: string, arms: readonly string[]): number {
    const first = this.places;
    this.places += arms.length + 2;
    this.branches.push({ line: at, text, arms, first, function: first + arms.length + 1, caller: position });
    return first;
  }
}
