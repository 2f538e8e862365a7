/** A way to run the loops of a nest, or a sentence on why it is none for this one. */
export interface Rule<N, S> {
  readonly name: string;
  /** What it does, in a line. */
  readonly does: string;
  plan(nest: N): S | string;
}

/** What the first rule that applies says; `note` is told why those before it do not. */
export function firstOf<N, S extends object>(
  rules: readonly Rule<N, S>[],
  nest: N,
  note: (refusal: string) => void,
): S {
  for (const rule of rules) {
    const planned = rule.plan(nest);
    if (typeof planned !== 'string') return planned;
    note(`${rule.name}: ${planned}`);
  }
  throw new Error('no rule lays out this nest');
}
