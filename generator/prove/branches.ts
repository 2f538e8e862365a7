/** A place where a program may go several ways: a condition, or a maximum. */
export interface Branch {
  readonly line: number;
  /** The condition, as it stands in the text. */
  readonly text: string;
  /** What to say of an arm that was never taken; arm n is noted at `first + n`. */
  readonly arms: readonly string[];
  /** The number of the first arm in the ring's list of what was visited. */
  readonly first: number;
  /** The number noted when the function around the branch is entered. */
  readonly function: number;
  /** The function of WebAssembly that it stands in; its line is then a byte. */
  readonly caller?: number;
}

/** An arm of a branch that no point took. */
export interface UntakenArm {
  readonly line: number;
  /** The function and the byte, of WebAssembly. */
  readonly place?: string;
  /** Such as `y1 > 0 is never true`. */
  readonly text: string;
}

/** Every arm of the functions that ran; what never ran is behind an arm of something that did, or is not used. */
export function armsOf(
  branches: readonly Branch[],
  visited: Uint8Array,
  placeOf: (branch: Branch) => { readonly place?: string } = () => ({}),
): { readonly total: number; readonly untaken: readonly UntakenArm[] } {
  const entered = branches.filter((branch) => visited[branch.function] === 1);
  const untaken = entered.flatMap((branch) => {
    const { line, text, arms, first } = branch;
    return arms.flatMap((arm, n) =>
      visited[first + n] === 1 ? [] : [{ line, text: `${text} ${arm}`, ...placeOf(branch) }],
    );
  });
  return { total: entered.reduce((sum, { arms }) => sum + arms.length, 0), untaken };
}
