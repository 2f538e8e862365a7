import type { OpaqueName } from './math.ts';

export interface TranslateOptions {
  /** What the text is called in messages. */
  readonly file: string;
  /** Whether branches are numbered, so that a run can say which arms it took. */
  readonly branches?: boolean;
  /** Functions that are not translated, as the ring knows what they compute: `$helper(name, u)` takes their place. */
  readonly helpers?: readonly Helper[];
  /** Functions that compute whole numbers from whole numbers: they stay as they are, and a number of the network throws. */
  readonly whole?: readonly string[];
  /** Whether its numbers are meant to be float32, so that an array of such keeps them as they are. */
  readonly isFloat32?: boolean;
  /** Whether every number that gets a name is reported to the ring, with its line. */
  readonly traced?: boolean;
}

/** A function that the ring knows by its name. */
export interface Helper {
  readonly name: OpaqueName;
  /**
   * All that defines it, with what it needs. Where it is given, the module may hold it word for word, and is refused
   * with any other function of this name.
   */
  readonly text?: string;
}
