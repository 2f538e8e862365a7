import { readFileSync } from 'node:fs';
import { helperNames, helperText } from '../emit/helperText.ts';
import type { Branch } from './branches.ts';
import type { OpaqueName } from './math.ts';
import { Refusal } from './refusal.ts';
import type { Ring } from './ring.ts';
import { stripTypes } from './stripTypes.ts';
import { type Translation, translate } from './translate.ts';
import type { Helper, TranslateOptions } from './translateOptions.ts';
import type { Scalar, Value } from './value.ts';

/** What a module exports. */
export type Exports = Readonly<Record<string, unknown>>;

/**
 * Told each value that a traced program gives a name to, or a place in an array: `position` is where its expression
 * begins in the text.
 */
export type Trace = (name: string, position: number, value: unknown, array?: unknown, at?: unknown) => void;

export interface Program {
  readonly exports: Exports;
  readonly branches: readonly Branch[];
}

/** The reference's functions whose text is not followed: it is known by its name what they compute. */
export const referenceHelpers: readonly Helper[] = [{ name: 'erf' }, { name: 'erfc' }, { name: 'softplus' }];

/** Its functions of shapes and places, which are asked at every step. */
const placeFunctions = ['place', 'inside', 'elementCount'];

/** Those of a generated module: they must be, word for word, what longhand writes. */
export function moduleHelpers(): readonly Helper[] {
  return helperNames.map((name) => ({ name, text: helperText(name) }));
}

const opaqueNames: readonly string[] = [...referenceHelpers.map(({ name }) => name), ...helperNames];

/** What a module finds under names that are not its own, instead of what they are in this process. */
export type Globals = Readonly<Record<string, unknown>>;

/** Runs a TypeScript module as it is, but for its types; the helpers among its functions are yielded like exports. */
export function runPlain(
  text: string,
  importModule: (path: string) => Exports = noImports,
  globals: Globals = {},
): Exports {
  const run = new Function('$import', ...Object.keys(globals), stripTypes(text, opaqueNames));
  return run(importModule, ...Object.values(globals)) as Exports;
}

/** Runs a translated module in a ring. */
export function runTranslated(
  translation: Translation,
  ring: Ring,
  plain: () => Exports,
  importModule: (path: string) => Exports = noImports,
  trace: Trace = () => {},
  globals: Globals = {},
): Program {
  const helper = (name: OpaqueName, argument: Scalar): Scalar => {
    const u = ring.lift(argument);
    const ordinary = plain()[name] as (u: number) => number;
    return ring.Math.helpers[name](ordinary(u.float), u);
  };
  const traced = <T>(name: string, position: number, value: T, array?: unknown, at?: unknown): T => {
    trace(name, position, value, array, at);
    return value;
  };
  const literals: readonly Value[] = translation.literals.map((literal) => ring.written(ring.lift(literal)));
  const given = { $: ring, $import: importModule, $helper: helper, $literals: literals, $trace: traced, ...globals };
  const exports = new Function(...Object.keys(given), translation.code)(...Object.values(given)) as Exports;
  return { exports, branches: translation.branches };
}

function noImports(path: string): never {
  throw new Refusal(`found an import of '${path}'; expected a module without imports`);
}

/** The modules of one folder of this package, run both as they are and translated, each once. */
export class ModuleFolder {
  readonly #ring: Ring;
  readonly #plain = new Map<string, Exports>();
  readonly #exact = new Map<string, Exports>();

  constructor(ring: Ring) {
    this.#ring = ring;
  }

  /** The translated exports of a module. */
  exact(url: URL): Exports {
    return remembered(this.#exact, url.href, () => {
      const program = runTranslated(
        translationOf(url),
        this.#ring,
        () => this.plain(url),
        (path) => this.exact(new URL(path, url)),
      );
      return program.exports;
    });
  }

  plain(url: URL): Exports {
    return remembered(this.#plain, url.href, () => runPlain(textOf(url), (path) => this.plain(new URL(path, url))));
  }
}

const texts = new Map<string, string>();
const translations = new Map<string, Translation>();

/** The package's own modules do not change while it runs: each is read and translated once. */
function textOf(url: URL): string {
  return remembered(texts, url.href, () => readFileSync(url, 'utf8'));
}

function translationOf(url: URL): Translation {
  const file = url.pathname.split('/').at(-1)!;
  const options: TranslateOptions = { file, helpers: referenceHelpers, whole: placeFunctions };
  return remembered(translations, url.href, () => translate(textOf(url), options));
}

function remembered<T>(known: Map<string, T>, key: string, compute: () => T): T {
  const value = known.get(key) ?? compute();
  known.set(key, value);
  return value;
}
