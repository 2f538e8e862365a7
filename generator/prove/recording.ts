import type { ts } from 'ts-morph';
import { hasLoss } from '../spec/losses.ts';
import type { ShapedNetwork } from '../spec/network.ts';
import { Cells } from './cells.ts';
import type { ExactEvaluation } from './exactModel.ts';
import { isZero, keyOf, type Residue } from './field.ts';
import type { Point } from './points.ts';
import { moduleHelpers, runPlain } from './program.ts';
import { Session, type Variables } from './session.ts';
import type { Adjoints } from './tape.ts';
import { translate } from './translate.ts';
import { type Scalar, Value } from './value.ts';

/** A number that got a name (`z1_0_1`) or a place in an array (`dz1[4]`). */
export interface Naming {
  readonly name: string;
  /** The expression, where it begins in the text. */
  readonly position: number;
  readonly value: Scalar;
  readonly array: Cells | undefined;
  readonly at: number;
}

/** A training step of a traced program, with every name that it gave to a number. */
export interface Recording {
  readonly session: Session;
  readonly source: ts.SourceFile;
  readonly variables: Variables;
  readonly forward: readonly Naming[];
  readonly backward: readonly Naming[];
  /** What backward gives. */
  readonly returned: Scalar | undefined;
  /** The loss of the reference. */
  readonly expectedLoss: Scalar;
  /** The derivatives of the loss that this forward pass leads to. */
  readonly adjoints: Adjoints;
  readonly reference: ExactEvaluation;
  /** The arrays of the model by name. */
  readonly arrays: ReadonlyMap<string, Cells>;
}

/** Runs the points one after the other and records the last. */
export function record(text: string, network: ShapedNetwork, seed: number, points: readonly Point[]): Recording {
  const translation = translate(text, { file: `${network.name}.ts`, helpers: moduleHelpers(), traced: true });
  const arrays = new Map<string, Cells>();
  let namings: Naming[] = [];
  const trace = (name: string, position: number, value: unknown, array?: unknown, at?: unknown): void => {
    if (value instanceof Cells) arrays.set(name, value);
    if (typeof value !== 'number' && !(value instanceof Value)) return;
    const isPlace = array instanceof Cells && typeof at === 'number';
    const full = isPlace ? `${name}[${at}]` : name;
    namings.push({ name: full, position, value, array: isPlace ? array : undefined, at: isPlace ? at : -1 });
  };
  const session = new Session(translation, () => runPlain(text), network, { seed, trace, isRecorded: true });
  const { ring, model } = session;
  const step = (point: Point): Omit<Recording, 'session' | 'source' | 'arrays'> => {
    ring.startRound();
    const variables = session.variables(point);
    model.parameters.set(variables.parameters);
    model.gradients.set(variables.gradients);
    session.setMasks(variables.masks);
    const collect = <T>(run: () => T): readonly [T, readonly Naming[]] => {
      namings = [];
      return [run(), namings];
    };
    const [output, forward] = collect(() => [...model.forward(variables.input)]);
    const weighted = hasLoss(network) ? undefined : session.weighted(variables.given, output);
    ring.derivatives.areFollowed = session.followsAll;
    const [returned, backward] = collect(() => model.backward(variables.given));
    ring.derivatives.areFollowed = true;
    const [followed] = collect(() => (session.followsAll ? returned : model.loss?.(variables.given)));
    const loss = weighted ?? followed;
    const adjoints = session.tape!.adjointsOf(loss instanceof Value ? loss.node : 0);
    const { evaluation: reference, loss: expectedLoss } = session.runReference(variables);
    return { variables, forward, backward, returned, expectedLoss, adjoints, reference };
  };
  const recorded = points.map(step).at(-1)!;
  return { session, source: translation.source, arrays, ...recorded };
}

/** The numbers that have names, to be found by name and by value. */
export class Names {
  readonly #values = new Map<string, Scalar>();
  readonly #names = new Map<string, string[]>();
  readonly #recording: Recording;

  constructor(recording: Recording) {
    this.#recording = recording;
  }

  add({ name, value }: Naming): void {
    this.#values.set(name, value);
    const residue = this.#recording.session.ring.lift(value);
    // A zero is equal to too many others to say anything.
    if (isZero(residue)) return;
    const known = this.#names.get(keyOf(residue));
    if (known === undefined) this.#names.set(keyOf(residue), [name]);
    else if (!known.includes(name)) known.push(name);
  }

  /** A name's latest value; a place that nobody wrote is read where it stands. */
  valueOf(name: string): Scalar | undefined {
    const known = this.#values.get(name);
    if (known !== undefined) return known;
    const [, array = '', at = ''] = /^(.*)\[(\d+)\]$/.exec(name) ?? [];
    const cells = this.#recording.arrays.get(array);
    return cells === undefined || Number(at) >= cells.length ? undefined : cells.get(Number(at));
  }

  /** The numbers of the same tensor as `name`, zeros left out. */
  like(name: string): readonly (readonly [string, Scalar])[] {
    const { ring } = this.#recording.session;
    return [...this.#values].filter(
      ([other, value]) => tensorOf(other) === tensorOf(name) && !isZero(ring.lift(value)),
    );
  }

  /** A name of a number of this value, of the same tensor as `like` if there is one. */
  nameOf(residue: Residue, like: string): string | undefined {
    const names = this.#names.get(keyOf(residue)) ?? [];
    return names.find((name) => tensorOf(name) === tensorOf(like) && isPlace(name) === isPlace(like));
  }
}

function tensorOf(name: string): string {
  return name.replace(/[_[].*$/, '');
}

function isPlace(name: string): boolean {
  return name.endsWith(']');
}
