import type { Program } from '../equations/equation.ts';
import { sizeOf, type Tensor } from '../equations/tensor.ts';
import { SpecError } from '../spec/problem.ts';
import { type Brought, givenIn } from './data.ts';
import type { Preset } from './page/ir.ts';
import { randomFrom } from './page/machine.ts';

/** `{"a3": "out", "t": "Y", "base": 1}`: what a reader's own text calls things, and where it begins to count. */
export type StudyNames = { readonly [name: string]: string | number };

/** A remark on the text that a network comes from, with its address. */
export interface About {
  readonly text: string;
  readonly link?: string;
}

/** Values to begin with: nested lists or flat ones, each with a caption; and what is to be said of where they come from. */
export interface StudyValues {
  readonly about?: readonly About[];
  readonly presets?: readonly {
    readonly caption?: string;
    readonly input?: unknown;
    readonly target?: unknown;
    readonly outputGradient?: unknown;
    readonly weights?: unknown;
  }[];
}

/** What the reader brought, checked against the network, and a preset of numbers where there is none. */
export function fillIn(
  program: Program,
  options: { readonly names?: StudyNames; readonly values?: StudyValues; readonly weights?: ArrayLike<number> },
): Brought {
  const { base = 0, ...names } = options.names ?? {};
  if (base !== 0 && base !== 1)
    refuse('base', `found ${JSON.stringify(base)}`, 'expected 0 or 1: where the text begins to count');
  const given = givenIn(program);
  const count = program.parameters.reduce((all, { tensor }) => all + sizeOf(tensor), 0);
  const named = (options.values?.presets ?? []).map((one, n): Preset => {
    const list = (what: unknown, size: number, path: string): readonly number[] =>
      numbers(what, size, `presets[${n}].${path}`);
    const end = one.target ?? one.outputGradient;
    return {
      caption: one.caption ?? `preset ${n + 1}`,
      input: one.input === undefined ? defaultInput(program.input) : list(one.input, sizeOf(program.input), 'input'),
      given:
        end === undefined
          ? defaultGiven(given, program.output)
          : list(end, sizeOf(given), one.target === undefined ? 'outputGradient' : 'target'),
      ...(one.weights !== undefined && { weights: list(one.weights, count, 'weights') }),
    };
  });
  const fallback: Preset = {
    caption: 'some numbers',
    input: defaultInput(program.input),
    given: defaultGiven(given, program.output),
  };
  return {
    presets: named.length > 0 ? named : [fallback],
    weights: options.weights === undefined ? null : Array.from(options.weights),
    names: checkedNames(names),
    base,
  };
}

/** Names, none of them empty. */
function checkedNames(names: StudyNames): { readonly [name: string]: string } {
  const checked = Object.entries(names).map(([name, other]): readonly [string, string] => {
    if (typeof other !== 'string' || other === '') refuse(name, `found ${JSON.stringify(other)}`, 'expected a name');
    return [name, other];
  });
  return Object.fromEntries(checked);
}

/** The remarks, checked: a link leads to the web and nowhere else. */
export function aboutOf(values: StudyValues | undefined): readonly About[] {
  const about: unknown = values?.about ?? [];
  if (!Array.isArray(about)) refuse('about', 'found no list', 'expected [{ "text": "…", "link": "https://…" }]');
  return about.map(({ text, link }: { readonly text?: unknown; readonly link?: string }, n) => {
    if (typeof text !== 'string' || text === '')
      refuse(`about[${n}].text`, `found ${JSON.stringify(text) ?? 'nothing'}`, 'expected a text');
    if (link !== undefined && !/^https?:\/\/[^\s]+$/.test(String(link)))
      refuse(`about[${n}].link`, `found ${JSON.stringify(link)}`, 'expected an address that begins with https://');
    return { text, ...(link !== undefined && { link }) };
  });
}

/** Tenths between 0 and 1, the same everywhere. */
function defaultInput(input: Tensor): readonly number[] {
  const random = randomFrom(7);
  return Array.from({ length: sizeOf(input) }, () => Math.round(10 * random()) / 10);
}

/** The first of several classes, class number 1, or 0.8; where the caller gives ∂L/∂output, ones. */
function defaultGiven(given: Tensor, output: Tensor): readonly number[] {
  const size = sizeOf(given);
  if (given.role === 'gradient') return new Array<number>(size).fill(1);
  if (size === 1) return [sizeOf(output) > 1 ? 1 : 0.8];
  return Array.from({ length: size }, (_, n) => (n === 0 ? 1 : 0));
}

function numbers(value: unknown, size: number, path: string): readonly number[] {
  const flat = Array.isArray(value) ? value.flat(6) : [value];
  if (flat.length !== size || flat.some((one) => typeof one !== 'number' || !Number.isFinite(one)))
    refuse(
      path,
      `found ${flat.length} ${flat.every((one) => typeof one === 'number') ? 'numbers' : 'values'}`,
      `expected ${size} numbers`,
    );
  return flat;
}

function refuse(path: string, found: string, expected: string): never {
  throw new SpecError([{ path, found, expected }]);
}
