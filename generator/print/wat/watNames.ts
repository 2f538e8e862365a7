import type { Lanes } from '../../code/code.ts';

type Type = 'i32' | 'f32' | 'v128';

/** An integer or a number of code. */
interface Named {
  readonly name: string;
  readonly lanes?: Lanes;
}

/** The locals of one function as WebAssembly text. */
export class WatNames {
  readonly #types = new Map<string, Type>();

  /** `(local $i i32) …` for everything that the code names. */
  get declarations(): string[] {
    return [...this.#types].map(([name, type]) => `(local $${name} ${type})`);
  }

  integer(one: Named): string {
    return this.#local(one, isWide(one) ? 'v128' : 'i32');
  }

  number(one: Named): string {
    return this.#local(one, isWide(one) ? 'v128' : 'f32');
  }

  /** One name may stand for an integer in one nest, for a number or a vector in another. */
  #local(one: Named, type: Type): string {
    const plain = ascii(one.name);
    const name = (this.#types.get(plain) ?? type) === type ? plain : `${plain}_${type}`;
    this.#types.set(name, type);
    return `$${name}`;
  }
}

export function isWide({ lanes = 1 }: Pick<Named, 'lanes'>): boolean {
  return lanes > 1;
}

/** The letters of equations in the alphabet of the text format. */
export function ascii(name: string): string {
  const spelled = name
    .replace('x̂', 'xhat')
    .replace('γ', 'gamma')
    .replace('β', 'beta')
    .replace('μ', 'mu')
    .replace('α', 'alpha');
  return spelled
    .replaceAll('ᵀ', 'T')
    .replaceAll('ˡ', 'L')
    .replace(/[^\w]/g, (letter) => `u${letter.codePointAt(0)?.toString(16)}`);
}
