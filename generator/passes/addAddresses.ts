import { type Code, hasOneTurn, type Int, type Sum, type Value, type Variable } from '../code/code.ts';
import { keyOfInt } from '../code/integers.ts';
import { bodyOf, mapParts, mapStatement, partsOf } from '../code/parts.ts';
import { mapCode } from '../schedule/loops/loopPlan.ts';
import { vectorPolicy } from '../schedule/loops/vectorPolicy.ts';
import type { Pass } from './pass.ts';

/**
 * WebAssembly adds a constant offset to an address that has no sign, so that one whose parts may be negative is added up
 * first. Nor does V8 fold an offset into a load that fills a vector, see `splatsByOffset`.
 */
export const addAddresses: Pass<'loops'> = {
  name: 'addAddresses',
  does: 'an address is added up beforehand where a part of it may be negative, or many numbers fill vectors',
  gives: 'loops',
  rewrite: 'x[8 + x_i], x_i = 4·i − 8   →   x[(8 + x_i)]',
  run: (plan) => mapCode(plan, addedAddresses),
};

/** The same of the code of one nest. */
export function addedAddresses(code: readonly Code[]): readonly Code[] {
  return new AddressAdder(code).block(code, false);
}

class AddressAdder {
  /** What may be negative. */
  readonly #signed = new Set<Variable>();

  constructor(code: readonly Code[]) {
    this.#findSigned(code);
  }

  /** @param addsSplats whether the addresses of what fills vectors are added up */
  block(code: readonly Code[], addsSplats: boolean): readonly Code[] {
    return code.map((one) => this.#one(one, addsSplats));
  }

  #findSigned(code: readonly Code[]): void {
    for (const one of code) {
      if (one.kind === 'integer' && one.value.kind === 'sum') this.#note(one.variable, one.value);
      if (one.kind === 'loop') for (const { variable, value } of one.pointers ?? []) this.#note(variable, value);
      this.#findSigned(bodyOf(one));
    }
  }

  #note(variable: Variable, sum: Sum): void {
    if (sum.constant < 0 || this.#isSigned(sum)) this.#signed.add(variable);
  }

  #isSigned({ terms }: Sum): boolean {
    return [...terms].some(([term, factor]) => factor < 0 || this.#signed.has(term));
  }

  #nested(body: readonly Code[]): readonly Code[] {
    return this.block(body, splatsIn(body) > vectorPolicy.splatsByOffset);
  }

  #one(one: Code, addsSplats: boolean): Code {
    // What runs once is no body of its own.
    const isWithin = one.kind === 'loop' && hasOneTurn(one);
    return mapStatement(one, {
      value: (value) => this.#value(value, addsSplats),
      int: (value) => this.#int(value),
      at: (at) => this.#at(at),
      body: (body) => (isWithin ? this.block(body, addsSplats) : this.#nested(body)),
    });
  }

  #value(value: Value, addsSplats: boolean): Value {
    if (value.kind === 'load') return { ...value, at: this.#at(value.at) };
    if (addsSplats && value.kind === 'splat' && value.of.kind === 'load')
      return { ...value, of: { ...value.of, at: addedUp(value.of.at) } };
    return mapParts(value, (part) => this.#value(part, addsSplats));
  }

  #int(value: Int): Int {
    return value.kind === 'load' ? { ...value, at: this.#at(value.at) } : value;
  }

  #at(at: Sum): Sum {
    return this.#isSigned(at) ? addedUp(at) : at;
  }
}

function addedUp(at: Sum): Sum {
  return { ...at, isAddedUp: true };
}

/** How many loads from different places fill a vector with one number, not counting those of loops within. */
function splatsIn(body: readonly Code[]): number {
  const places = new Set<string>();
  const note = (value: Value): void => {
    if (value.kind === 'splat' && value.of.kind === 'load')
      places.add(`${value.of.array.name}[${keyOfInt(value.of.at)}]`);
    // A function of one number is no vector of the body.
    if (value.kind !== 'extract') for (const part of partsOf(value)) note(part);
  };
  for (const one of body) if (one.kind === 'constant' || one.kind === 'plus') note(one.value);
  return places.size;
}
