import type { StateName, States } from './states.ts';

/** What a pass says about a rewrite that does not apply, and why. */
export type Note = (refusal: string) => void;

/** One rewrite: a pure function from what a network is to what it is then, both immutable. */
export interface Pass<A extends StateName, B extends StateName = A> {
  readonly name: string;
  /** What it does, in a line. */
  readonly does: string;
  /** What it gives. */
  readonly gives: B;
  /** before → after, as equations and code are printed. */
  readonly rewrite: string;
  run(from: States[A], note: Note): States[B];
}

/** A pass of which only the lines are of interest. */
export type AnyPass = Pass<never, StateName>;

/** What a pass has given. */
export type State = { readonly [S in StateName]: { readonly kind: S; readonly value: States[S] } }[StateName];

/** What happens between passes: a value is looked at, checked, printed. */
export interface Watch {
  /** A pass has run. */
  readonly after?: (pass: AnyPass, state: State) => void;
  /** A rewrite of a pass does not apply. */
  readonly refused?: (pass: AnyPass, refusal: string) => void;
}

/** Passes in the order in which they run: what one gives, the next takes. */
export interface Passes<A extends StateName, B extends StateName> {
  readonly list: readonly AnyPass[];
  next<C extends StateName>(pass: Pass<B, C>): Passes<A, C>;
  run(from: States[A], watch?: Watch): States[B];
}

/** A list that begins with this pass. */
export function startWith<A extends StateName, B extends StateName>(first: Pass<A, B>): Passes<A, B> {
  return passesOf([first]);
}

function passesOf<A extends StateName, B extends StateName>(list: readonly AnyPass[]): Passes<A, B> {
  return {
    list,
    next: (pass) => passesOf([...list, pass]),
    run: (from, watch = {}) => list.reduce<unknown>((value, pass) => runOne(pass, value, watch), from) as States[B],
  };
}

function runOne(pass: AnyPass, value: unknown, { after, refused }: Watch): unknown {
  // `next` has seen to it that this is what the pass takes.
  const next = pass.run(value as never, (refusal) => refused?.(pass, refusal));
  after?.(pass, { kind: pass.gives, value: next } as State);
  return next;
}
