import type { Program } from '../equations/equation.ts';
import type { Network, ShapedNetwork } from '../spec/network.ts';
import { Commentary } from './commentary.ts';

/** A network as JSON, defaults filled in. */
export function dumpNetwork(network: Network): string {
  return `${JSON.stringify(network, null, 2)}\n`;
}

/** Every equation, a line each, with what it says to a reader. */
export function dumpEquations(network: ShapedNetwork, program: Program, derives = false): string {
  const all = [...program.forward, ...program.backward];
  const commentary = new Commentary(network, program, all, derives);
  const lines = all.flatMap((equation) => [
    ...(equation.pass === 'forward' ? commentary.viewsBefore(equation.layer) : commentary.viewsBefore(undefined)),
    ...commentary.derivation(equation).map((line) => `  | ${line}`),
    `${equation.layer}: ${commentary.line(equation)}`,
    ...commentary.notes(equation).map((note) => `    ${note}`),
  ]);
  lines.push(...commentary.viewsBefore(undefined));
  return `${lines.join('\n')}\n`;
}
