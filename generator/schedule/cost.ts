import type { Equation, Program } from '../equations/equation.ts';

/** Products summed up in the forward pass, with every window full. */
export function macsOf({ forward }: Program): number {
  let macs = 0;
  for (const { over, value } of forward) {
    const summed = value.kind === 'plus' ? value.terms.find(({ kind }) => kind === 'sum') : value;
    if (summed?.kind !== 'sum' || summed.body.kind !== 'times') continue;
    macs += [...over, ...summed.over].reduce((product, { size }) => product * size, 1);
  }
  return macs;
}

/** Upper bound of the reads in a program written out, counted on the equations, before anything is unrolled. */
export function estimateTerms(program: Program): number {
  return [...program.forward, ...program.backward].reduce((total, one) => total + termsOf(one), 0);
}

function termsOf({ over, value }: Equation): number {
  const places = over.reduce((product, { size }) => product * size, 1);
  return places * termsIn(value);
}

function termsIn(e: Equation['value']): number {
  switch (e.kind) {
    case 'plus':
      return e.terms.reduce((total, term) => total + termsIn(term), 0);
    case 'sum':
    case 'max':
    case 'argmax':
    case 'logSumExp':
      return e.over.reduce((product, { size }) => product * size, termsIn(e.body));
    case 'times':
      return Math.max(e.factors.filter(({ kind }) => kind !== 'number').length - 1, ...e.factors.map(termsIn));
    case 'divide':
      return Math.max(termsIn(e.dividend), termsIn(e.divisor));
    case 'call':
      return termsIn(e.argument);
    case 'where':
      return Math.max(termsIn(e.yes), termsIn(e.no));
    default:
      return 1;
  }
}
