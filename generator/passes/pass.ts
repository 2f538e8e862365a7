/** What a pass says about a rewrite that does not apply, and why. */
export type Note = (refusal: string) => void;

/** One rewrite: a pure function from one immutable type to the same or the next. */
export interface Pass<A, B = A> {
  readonly name: string;
  /** What it does, in a line. */
  readonly does: string;
  /** before → after, as equations are printed. */
  readonly rewrite: string;
  run(from: A, note: Note): B;
}

/** What happens between passes: a value is looked at, checked, printed. */
export interface Watch {
  /** A pass has run. */
  readonly after?: (pass: AnyPass, value: unknown) => void;
  /** A rewrite of a pass does not apply. */
  readonly refused?: (pass: AnyPass, refusal: string) => void;
}

/** A pass of which only name and lines are of interest. */
export type AnyPass = Pass<never, unknown>;

/** Passes in the order in which they run: what one gives, the next takes. */
export interface Passes<A, B> {
  readonly list: readonly AnyPass[];
  next<C>(pass: Pass<B, C>): Passes<A, C>;
  run(from: A, watch?: Watch): B;
}

/** A list that begins with this pass. */
export function startWith<A, B>(first: Pass<A, B>): Passes<A, B> {
  return passesOf([first]);
}

function passesOf<A, B>(list: readonly AnyPass[]): Passes<A, B> {
  return {
    list,
    next: (pass) => passesOf([...list, pass]),
    run: (from, watch = {}) => list.reduce<unknown>((value, pass) => runOne(pass, value, watch), from) as B,
  };
}

function runOne(pass: AnyPass, value: unknown, { after, refused }: Watch): unknown {
  // `next` has seen to it that this is what the pass takes.
  const next = pass.run(value as never, (refusal) => refused?.(pass, refusal));
  after?.(pass, next);
  return next;
}
