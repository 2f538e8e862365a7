/** What tells when a value was computed and from what; `constant` for what depends on no variable. */
export type Node = number;

export const constant: Node = 0;
