import {
  type Code,
  type Contender,
  type Int,
  type Lanes,
  type Local,
  type Sum,
  sumOf,
  type Test,
  type Tournament,
  type Value,
  type Variable,
} from '../code/code.ts';
import { mapAsked, mapParts } from '../code/parts.ts';
import { FoundLanes } from '../schedule/lanes/findLanes.ts';
import { mapCode } from '../schedule/loops/loopPlan.ts';
import { lanes } from '../schedule/loops/vectorPolicy.ts';
import type { Pass } from './pass.ts';

/**
 * From here on every name, load and store says how many numbers it is of, and one number fills a vector where it is said
 * to. A function of one number is taken of four equal ones: WebAssembly has the helpers once.
 */
export function fillLanes(unit: number): Pass<'loops'> {
  return {
    name: 'fillLanes',
    does: 'loads, stores and names say how many numbers they are of; one number fills the lanes of a vector',
    gives: 'loops',
    rewrite: 'z_0 += W[a]·x[i]   →   z_0 += splat(W[a])·x[i]:4',
    run: (plan) => mapCode(plan, (code) => filledLanes(code, unit)),
  };
}

/** The same of the code of one nest. */
export function filledLanes(code: readonly Code[], unit: number): readonly Code[] {
  return new LaneFiller(new FoundLanes(code, unit)).code(code);
}

class LaneFiller {
  readonly #found: FoundLanes;
  /** Names of four numbers, by those of whose number nothing was said. */
  readonly #wide = new Map<Local | Variable, Local | Variable>();

  constructor(found: FoundLanes) {
    this.#found = found;
  }

  code(code: readonly Code[]): readonly Code[] {
    return code.map((one) => this.#one(one));
  }

  #one(one: Code): Code {
    switch (one.kind) {
      case 'loop':
        return { ...one, body: this.code(one.body) };
      case 'row':
        return { ...one, of: this.code(one.of) };
      case 'if':
        return { ...one, test: this.#test(one.test, false), body: this.code(one.body) };
      case 'integer':
      case 'counter': {
        const variable = this.#named(one.variable);
        return { ...one, variable, value: this.#int(one.value, isWideName(variable)) };
      }
      case 'constant':
      case 'mutable':
      case 'plus':
      case 'replace': {
        const local = this.#named(one.local);
        return { ...one, local, value: this.#value(one.value, isWideName(local)) };
      }
      case 'across':
        return { ...one, vector: this.#named(one.vector) };
      case 'store': {
        const width = this.#found.at(one.at, one.array);
        return { ...one, ...wide(width), value: this.#value(one.value, width > 1) };
      }
      case 'storeInteger': {
        const width = this.#found.at(one.at, one.array);
        return { ...one, ...wide(width), value: this.#int(one.value, width > 1) };
      }
      case 'challenge':
        return this.#challenge(one);
      case 'tournament':
        return this.#tournament(one);
      case 'clear':
      case 'remark':
        return one;
    }
  }

  #tournament(one: Tournament): Code {
    const maximum = this.#named(one.maximum);
    const candidates = one.candidates.map(
      ({ value, place }): Contender => ({ value: this.#value(value, isWideName(maximum)), place }),
    );
    const games = one.games.map((game) => this.#named(game));
    return { ...one, maximum, winner: one.winner && this.#named(one.winner), candidates, games };
  }

  #challenge(one: Extract<Code, { kind: 'challenge' }>): Code {
    const maximum = this.#named(one.maximum);
    const isWide = isWideName(maximum);
    const place = one.place && {
      variable: this.#named(one.place.variable),
      value: this.#int(one.place.value, isWide),
    };
    return { ...one, maximum, candidate: this.#value(one.candidate, isWide), place };
  }

  #named<N extends Local | Variable>(one: N): N {
    if (!this.#found.has(one)) return one;
    const known = this.#wide.get(one) ?? { ...one, lanes };
    this.#wide.set(one, known);
    return known as N;
  }

  /** One number, or four; one fills all lanes where four are asked for. */
  #value(value: Value, isWide: boolean): Value {
    if (!this.#found.isWide(value)) {
      const single = this.#parts(value, false);
      return isWide ? { kind: 'splat', of: single } : single;
    }
    if (!isWide) throw new Error(`four numbers of the kind ${value.kind} where one is asked for`);
    if (value.kind === 'local') return { kind: 'local', local: this.#named(value.local) };
    if (value.kind === 'load') return { ...value, ...wide(this.#found.at(value.at, value.array)) };
    return this.#parts(value, true);
  }

  #parts(value: Value, isWide: boolean): Value {
    if (value.kind === 'select') {
      const [yes, no] = [this.#value(value.yes, isWide), this.#value(value.no, isWide)];
      return { ...value, test: this.#test(value.test, this.#found.isWideTest(value.test)), yes, no };
    }
    if (value.kind === 'fromInt') return { ...value, value: this.#int(value.value, false) };
    if (value.kind === 'call' && !isWide)
      return { kind: 'extract', of: { ...value, argument: this.#value(value.argument, true) } };
    return mapParts(value, (part) => this.#value(part, isWide));
  }

  #test(test: Test, isWide: boolean): Test {
    if (test.kind === 'equal')
      return { ...test, left: this.#int(test.left, isWide), right: this.#int(test.right, isWide) };
    if (isWide && test.kind !== 'compare')
      throw new Error(`a question of the kind ${test.kind} has one answer for all lanes`);
    return mapAsked(test, (value) => this.#value(value, isWide));
  }

  #int(value: Int, isWide: boolean): Int {
    if (value.kind === 'load') return { ...value, ...wide(this.#found.at(value.at, value.array)) };
    const isFilled = value.kind === 'sum' && [...value.terms.keys()].some((variable) => this.#found.has(variable));
    if (!isFilled) return isWide ? { kind: 'splat', of: value } : value;
    if (!isWide || value.terms.size > 1 || value.constant !== 0)
      throw new Error('places of several windows are added up');
    return this.#filled(value);
  }

  #filled({ constant, terms }: Sum): Sum {
    return sumOf(
      constant,
      [...terms].map(([variable, factor]) => [this.#named(variable), factor] as const),
    );
  }
}

function wide(width: Lanes): { readonly lanes?: Lanes } {
  return width > 1 ? { lanes: width } : {};
}

function isWideName({ lanes = 1 }: Local | Variable): boolean {
  return lanes > 1;
}
