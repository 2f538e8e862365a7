import type { Machine } from './machine.ts';

interface Element {
  readonly tensor: number;
  readonly offset: number;
}

/** A difference quotient beside a gradient. */
export interface Difference {
  readonly epsilon: number;
  readonly above: number;
  readonly below: number;
  readonly quotient: number;
  readonly error: number;
}

export interface Check {
  readonly gradient: number;
  readonly differences: readonly Difference[];
  /** Slope of log |L(w + h) − L(w) − h·g| over log h: 2 if g is right, 1 if it is not; none where L is a straight line. */
  readonly order: number | undefined;
  /** Names of what changes sides under a small nudge: there a difference is no test. */
  readonly kinks: readonly string[];
}

/** What is differentiated: the loss, or the output times the gradient that the caller gives. */
export function objective(machine: Machine): number {
  const { loss, output, given } = machine.data;
  const value = machine.lossNow();
  if (loss !== null) return value;
  const [y, g] = [machine.numbersOf(output), machine.numbersOf(given)];
  return y.reduce((sum, one, n) => sum + one * (g[n] ?? 0), 0);
}

/** Nudges an element up and down; the machine is as before afterwards. */
export function checkGradient(machine: Machine, { tensor, offset }: Element, gradient: number): Check {
  const numbers = machine.numbersOf(tensor);
  const w = machine.valueAt(tensor, offset);
  const at = (value: number): number => {
    numbers[offset] = value;
    return objective(machine);
  };
  const here = at(w);
  const differences = Array.from({ length: 12 }, (_, n) => {
    const epsilon = 10 ** -(n + 1);
    const [above, below] = [at(w + epsilon), at(w - epsilon)];
    const quotient = (above - below) / (2 * epsilon);
    return { epsilon, above, below, quotient, error: Math.abs(quotient - gradient) };
  });
  const restAfter = (h: number): number => Math.abs(at(w + h) - here - h * gradient);
  const [more, less] = [restAfter(1e-2), restAfter(1e-3)];
  // What is left of a straight line is rounding.
  const isLine = more <= 1e-13 * Math.max(1, Math.abs(here));
  const order = isLine ? undefined : Math.log(more / less) / Math.log(10);
  at(w);
  const sides = sidesOf(machine);
  const kinks = new Set<string>();
  for (const nudged of [w + 1e-4, w - 1e-4]) {
    at(nudged);
    for (const [n, side] of sidesOf(machine).entries()) if (side.text !== sides[n]?.text) kinks.add(side.name);
  }
  for (const { name, text } of sides) if (text.includes('tie')) kinks.add(name);
  numbers[offset] = w;
  machine.run();
  return { gradient, differences, order, kinks: [...kinks] };
}

/** Which side of every kink, and which winner, the numbers are on. */
function sidesOf(machine: Machine): readonly { readonly name: string; readonly text: string }[] {
  return machine.data.equations.flatMap((equation) => {
    if (equation.pass !== 'forward') return [];
    const { value } = equation;
    const { name, store } = machine.tensor(equation.target);
    const numbers = machine.numbersOf(store);
    if (value.kind === 'call' && ['relu', 'relu6', 'abs', 'hardSigmoid'].includes(value.name))
      return [
        { name: `the kink of ${value.name} in ${name}`, text: [...numbers].map((one) => Math.sign(one)).join('') },
      ];
    if (value.kind !== 'max' || value.body.kind !== 'read') return [];
    const { body, over } = value;
    const source = machine.numbersOf(body.tensor);
    const winners: string[] = [];
    machine.forEachPlace(equation, undefined, (target) => {
      const own: number[] = [];
      machine.loop(over, () => {
        const at = machine.elementAt(body);
        if (at !== undefined && source[at] === numbers[target]) own.push(at);
      });
      winners.push(own.length > 1 ? `tie ${own.join()}` : own.join());
    });
    return [{ name: `a winner of ${name} (or a tie)`, text: winners.join(';') }];
  });
}
