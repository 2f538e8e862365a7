/** What an emitted module gives, with its inputs and outputs one after the other. */
export interface FlatModel {
  readonly parameters: Float64Array;
  readonly gradients: Float64Array;
  forward(input: ArrayLike<number>): ArrayLike<number>;
  backward(given: ArrayLike<number>): number | undefined;
  initialize(seed: number): void;
  step(rate: number): void;
}

type Named = Readonly<Record<string, ArrayLike<number>>>;

/** The same where the spec names its ends: `output` holds all outputs. */
export interface EmittedModel extends Omit<FlatModel, 'forward' | 'backward'> {
  readonly output?: ArrayLike<number>;
  forward(input: ArrayLike<number> | Named): ArrayLike<number> | Named;
  backward(given: ArrayLike<number> | Named): number | undefined;
}

/** A named end: `target` is how many numbers the target of an output with a loss has. */
export interface End {
  readonly name: string;
  readonly shape: readonly number[];
  readonly target?: number;
}

/** What a module says of its network. */
export interface Ends {
  readonly inputs?: readonly End[];
  readonly outputs?: readonly End[];
}

const sizeOf = ({ shape }: End): number => shape.reduce((all, size) => all * size, 1);

/** A module as the page uses it: what it names is cut out of arrays that hold all, as the equations have them. */
export function flatModel(model: EmittedModel, { inputs, outputs }: Ends): FlatModel {
  const hasTarget = outputs?.some(({ target = 0 }) => target > 0);
  const givenSize = (one: End): number => (hasTarget ? (one.target ?? 0) : sizeOf(one));
  return {
    parameters: model.parameters,
    gradients: model.gradients,
    initialize: (seed) => model.initialize(seed),
    step: (rate) => model.step(rate),
    forward(input) {
      const output = model.forward(inputs === undefined ? input : cut(input, inputs, sizeOf));
      return outputs === undefined ? (output as ArrayLike<number>) : (model.output as ArrayLike<number>);
    },
    backward: (given) => model.backward(outputs === undefined ? given : cut(given, outputs, givenSize)),
  };
}

function cut(all: ArrayLike<number>, ends: readonly End[], size: (one: End) => number): Named {
  let from = 0;
  const named: Record<string, ArrayLike<number>> = Object.create(null) as Record<string, ArrayLike<number>>;
  for (const one of ends) {
    const count = size(one);
    if (count > 0) named[one.name] = Float64Array.from({ length: count }, (_, n) => all[from + n] as number);
    from += count;
  }
  return named;
}
