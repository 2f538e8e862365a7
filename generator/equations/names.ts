/**
 * Names that emitted code has for something else: `x`, `t` and `L` for input, target and loss, `s` for the scratch array in
 * which windows are compared, and what the module's own functions are called with or keep.
 */
export const reservedNames: readonly string[] = [
  ...[
    'x',
    't',
    'L',
    's',
    'n',
    'input',
    'inputs',
    'output',
    'outputs',
    'outputGradients',
    'target',
    'targets',
    'gradient',
  ],
  ...['parameters', 'gradients', 'inputGradient', 'rate', 'factor', 'from', 'count', 'sample', 'seed', 'mean', 'total'],
  ...[
    'network',
    'model',
    'createModel',
    'initial',
    'initialize',
    'random',
    'forward',
    'backward',
    'step',
    'loss',
    'run',
  ],
  ...['tanh', 'erf', 'normalCdf', 'lastNaN'],
];

/** Hands out names that no other tensor has. */
export class Names {
  readonly #taken: Set<string>;

  constructor(taken: Iterable<string> = []) {
    this.#taken = new Set([...reservedNames, ...taken]);
  }

  /** The same names: a pass takes from a copy, so that it may run twice. */
  copy(): Names {
    return new Names(this.#taken);
  }

  /** The name itself if it is free, else with the next number: `u2` for `u1`, `W1ᵀ2` for `W1ᵀ`. */
  fresh(wanted: string): string {
    const [, letters = wanted, digits] = /^(.*?)(\d*)$/s.exec(wanted) ?? [];
    let name = wanted;
    for (let number = Number(digits || 1) + 1; this.#taken.has(name); number++) name = `${letters}${number}`;
    this.#taken.add(name);
    return name;
  }
}

/** `k1` for `y1`: another letter, the same number. */
export function withLetter(letter: string, name: string): string {
  return letter + name.replace(/^\D*/, '');
}
