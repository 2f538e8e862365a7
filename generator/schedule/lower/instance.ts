import type { Code, Int } from '../../code/code.ts';
import type { Levels } from '../loops/levels.ts';
import type { Place } from '../loops/places.ts';

/** One of the copies that an unrolled loop makes of its body. */
export interface Instance {
  readonly place: Place;
  /** Which accumulator it adds to. */
  readonly owner: number;
}

/** A sum whose loops are being written. */
export interface OpenSum {
  readonly levels: Levels;
  /** Adds a level of these instances' sums to the next. */
  handOn(level: number, instances: readonly Instance[], code: Code[]): void;
}

/** Instances whose loops run over one range. */
export interface Bounded {
  readonly instances: readonly Instance[];
  readonly from: Int;
  readonly to: Int;
}
