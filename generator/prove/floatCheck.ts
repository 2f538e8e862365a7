import { type Floats, PlainModel } from './plainModel.ts';
import type { Point } from './points.ts';
import { type Exports, runPlain } from './program.ts';
import type { Failure } from './proof.ts';
import { floatEngine, realEngine, type Variant } from './wasm/host.ts';

/** Shows that what was run in the ring is what was emitted. */
export interface FloatCheck {
  /** @param exact the floats beside the residues of the exact run */
  compare(point: Point, exact: Floats): readonly Failure[];
}

/** The check for a text, or for one of the codes of a text whose functions are WebAssembly. */
export function floatCheckOf(text: string, plain: Exports, variant: Variant | undefined): FloatCheck {
  return variant === undefined ? new TextCheck(plain) : new CodeCheck(text, variant);
}

/** The floats of the translated text are those of the untouched one. */
class TextCheck implements FloatCheck {
  readonly #model: PlainModel;

  constructor(plain: Exports) {
    this.#model = new PlainModel(plain);
  }

  compare(point: Point, exact: Floats): readonly Failure[] {
    return differences(exact, this.#model.run(point)).map(({ place, found, right }) => ({
      claim: 'floats',
      message: `${place}: the translated text computes ${found}, the untouched one ${right}`,
    }));
  }
}

/** Points at which a code is run in float32: its instructions are the same at each. */
const mostPoints = 3;

/**
 * The code that was read and turned into JavaScript, run in float32, gives what the engine of this process gives, bit
 * for bit. Whether a relaxed multiply-add rounds once or twice, the engine may choose.
 */
class CodeCheck implements FloatCheck {
  readonly #engine: PlainModel | undefined;
  #candidates: readonly PlainModel[];
  #points = 0;

  constructor(text: string, variant: Variant) {
    const model = (engine: unknown): PlainModel => new PlainModel(runPlain(text, undefined, { WebAssembly: engine }));
    const real = realEngine(variant);
    this.#engine = real.knows ? model(real) : undefined;
    const ways = variant === 'relaxed' ? [true, false] : [false];
    this.#candidates = this.#engine === undefined ? [] : ways.map((fuses) => model(floatEngine(variant, fuses)));
  }

  compare(point: Point): readonly Failure[] {
    if (this.#engine === undefined || this.#points++ >= mostPoints) return [];
    const right = this.#engine.run(point);
    const results = this.#candidates.map((model) => ({ model, found: differences(model.run(point), right) }));
    const agreeing = results.filter(({ found }) => found.length === 0);
    if (agreeing.length > 0) {
      this.#candidates = agreeing.map(({ model }) => model);
      return [];
    }
    const [first] = results[0]?.found ?? [];
    if (first === undefined) return [];
    const message = `${first.place}: the code as it was read computes ${first.found}, the engine ${first.right}`;
    return [{ claim: 'floats', message }];
  }
}

/** Whether the relaxed code of a text was read as engines read it. */
export function checkRelaxedFloats(text: string, points: readonly Point[]): readonly Failure[] {
  const check = new CodeCheck(text, 'relaxed');
  for (const point of points) {
    const failures = check.compare(point);
    if (failures.length > 0) return failures;
  }
  return [];
}

interface Difference {
  readonly place: string;
  readonly found: number | undefined;
  readonly right: number | undefined;
}

/** The first difference of each array. */
function differences(found: Floats, right: Floats): readonly Difference[] {
  return [...found].flatMap(([name, numbers]) => {
    const expected = right.get(name);
    const slot = numbers.findIndex((number, n) => !Object.is(number, expected?.[n]));
    if (slot < 0 && numbers.length === expected?.length) return [];
    return [{ place: `${name}[${slot}]`, found: numbers[slot], right: expected?.[slot] }];
  });
}
