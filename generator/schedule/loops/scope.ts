import { type Code, type Int, type Local, type Sum, sumOf, type Value, type Variable } from '../../code/code.ts';

/** Hands out names that nothing else in a nest of loops has. */
export class Names {
  readonly #taken: Set<string>;

  /** @param arrays names of arrays, which no local may hide */
  constructor(arrays: Iterable<string> = []) {
    this.#taken = new Set(['s', ...arrays]);
  }

  /** The name itself if it is free, else with the next number; arrays have no `_` in their names. */
  fresh(name: string): string {
    let number = 2;
    let candidate = name;
    while (this.#taken.has(candidate)) candidate = `${name}_${number++}`;
    this.#taken.add(candidate);
    return candidate;
  }

  /** `z1_0`, `z1_1`, …: always numbered, so that no local hides the array it comes from. */
  numbered(name: string): string {
    let number = 0;
    while (this.#taken.has(`${name}_${number}`)) number++;
    this.#taken.add(`${name}_${number}`);
    return `${name}_${number}`;
  }
}

/**
 * The body of a loop or condition while it is written. What does not depend on its variable moves outwards, as far as
 * the innermost loop whose variable it needs.
 */
export class Scope {
  readonly code: Code[] = [];
  readonly names: Names;
  readonly #parent: Scope | undefined;
  readonly #depth: number;
  readonly #bound = new Set<Variable>();
  readonly #locals = new Map<string, Local>();
  readonly #variables = new Map<string, Variable>();
  /** Whether the code may be skipped, so that nothing in it may move out. */
  readonly #isGuarded: boolean;

  constructor(names: Names, parent?: Scope, isGuarded = false) {
    this.names = names;
    this.#parent = parent;
    this.#depth = parent === undefined ? 0 : parent.#depth + 1;
    this.#isGuarded = isGuarded;
  }

  inner(isGuarded = false): Scope {
    return new Scope(this.names, this, isGuarded);
  }

  bind(variable: Variable): void {
    this.#bound.add(variable);
  }

  /** The outermost scope in which all the variables have values. */
  homeOf(variables: Iterable<Variable>): Scope {
    const needed = [...variables];
    let home: Scope = this;
    while (home.#parent !== undefined && !home.#isGuarded && !needed.some((one) => home.#bound.has(one))) {
      home = home.#parent;
    }
    return home;
  }

  /** An array element in a local; the same element is loaded once. */
  load(array: { readonly name: string }, key: string, at: Sum, value: () => Value): Value {
    const home = this.homeOf(at.terms.keys());
    const known = home.#localOf(key);
    if (known !== undefined) return { kind: 'local', local: known };
    const local = { name: this.names.numbered(array.name) };
    home.#locals.set(key, local);
    home.code.push({ kind: 'constant', local, value: value() });
    return { kind: 'local', local };
  }

  /** A number in a local of its own outside of all loops, of the same name in every nest. */
  number(value: Extract<Value, { kind: 'number' }>): Value {
    const home = this.homeOf([]);
    const name = `weight_${String(value.value).replaceAll(/\W/g, '_')}`;
    const known = home.#localOf(name);
    const local = known ?? { name, isFixed: true as const };
    if (known === undefined) {
      home.#locals.set(name, local);
      home.code.push({ kind: 'constant', local, value });
    }
    return { kind: 'local', local };
  }

  /** From here on an element is known to be in this local. */
  know(key: string, local: Local): void {
    this.#locals.set(key, local);
  }

  /** An integer in a variable; the same key is computed once. */
  integer(name: string, key: string, needs: Iterable<Variable>, value: () => Int): Variable {
    const home = this.homeOf(needs);
    const known = home.#variableOf(key);
    if (known !== undefined) return known;
    const variable = { name: this.names.fresh(name) };
    home.#variables.set(key, variable);
    home.code.push({ kind: 'integer', variable, value: value() });
    home.bind(variable);
    return variable;
  }

  /** The address with all but its constant in one variable; the part that the outer loops decide moves out to them. */
  address(name: string, at: Sum): Sum {
    if (at.terms.size === 0) return at;
    const [first] = at.terms;
    if (at.terms.size === 1 && first?.[1] === 1) return at;
    return sumOf(at.constant, [[this.#base(name, at.terms), 1]]);
  }

  #base(name: string, terms: ReadonlyMap<Variable, number>): Variable {
    const depths = [...terms].map(([variable, coefficient]) => ({
      variable,
      coefficient,
      depth: this.homeOf([variable]).#depth,
    }));
    const deepest = Math.max(...depths.map(({ depth }) => depth));
    const outer = depths.filter(({ depth }) => depth < deepest);
    const inner = depths.filter(({ depth }) => depth === deepest);
    const asTerm = (one: (typeof depths)[number]): [Variable, number] => [one.variable, one.coefficient];
    const [only] = outer;
    const needsBase = outer.length > 1 || (only !== undefined && only.coefficient !== 1);
    const before: [Variable, number][] = needsBase
      ? [[this.#base(name, new Map(outer.map(asTerm))), 1]]
      : outer.map(asTerm);
    const key = depths.map(({ variable, coefficient }) => `${coefficient}${variable.name}`).join('+');
    const letters = depths.map(({ variable }) => variable.name.replace(/_\d+$/, '').replace(/.*_/, '')).join('');
    return this.integer(`${name}_${letters}`, key, terms.keys(), () => sumOf(0, [...before, ...inner.map(asTerm)]));
  }

  #localOf(key: string): Local | undefined {
    const parent = this.#parent;
    return this.#locals.get(key) ?? (parent === undefined ? parent : parent.#localOf(key));
  }

  #variableOf(key: string): Variable | undefined {
    const parent = this.#parent;
    return this.#variables.get(key) ?? (parent === undefined ? parent : parent.#variableOf(key));
  }
}
