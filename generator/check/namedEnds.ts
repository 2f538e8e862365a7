/** What a module says of an input or an output that has a name. */
export interface NamedEnd {
  readonly name: string;
  readonly shape: readonly number[];
  readonly offset: number;
  /** Of an output: how many numbers its target has. */
  readonly target?: number;
}

/** The inputs and outputs of a module, where its spec names them. */
export interface Ends {
  readonly inputs?: readonly NamedEnd[];
  readonly outputs?: readonly NamedEnd[];
}

/** The methods of a model whose arguments have names, or not. */
interface Callable<T> {
  forward(inputs: unknown): unknown;
  backward?(given: unknown): T | undefined;
  loss?(target: unknown): T;
  forwardBatch?(inputs: unknown, count: number): unknown;
  backwardBatch?(inputs: unknown, given: unknown, count: number): T | undefined;
  trainBatch?(inputs: unknown, given: unknown, count: number, rate: unknown): T | undefined;
}

/** How many numbers each part has, by its name. */
type Parts = readonly (readonly [name: string, size: number])[];

/**
 * A model as if it had one input and one output without names: what it takes and gives stands one after the other, as in
 * its `output` and `inputGradient`. A model without names is returned as it is.
 */
export function flattened<Model extends object>({ inputs, outputs }: Ends, model: Model): Model {
  if (inputs === undefined && outputs === undefined) return model;
  const named = model as Model & Callable<unknown> & { readonly output: unknown };
  const input = inputs?.map(({ name, shape }) => [name, sizeOf(shape)] as const);
  const target = outputs && targetParts(outputs);
  const { loss, backward, forwardBatch, backwardBatch, trainBatch } = named;
  const methods: Callable<unknown> = {
    forward(flat) {
      named.forward(split(flat, input, 1));
      return named.output;
    },
    ...(backward && { backward: (given) => backward(split(given, target, 1)) }),
    ...(loss && { loss: (given) => loss(split(given, target, 1)) }),
    ...(forwardBatch && {
      forwardBatch: (flat, count) => joined(forwardBatch(split(flat, input, count), count), outputs, count),
    }),
    ...(backwardBatch && {
      backwardBatch: (flat, given, count) =>
        backwardBatch(split(flat, input, count), split(given, target, count), count),
    }),
    ...(trainBatch && {
      trainBatch: (flat, given, count, rate) =>
        trainBatch(split(flat, input, count), split(given, target, count), count, rate),
    }),
  };
  return { ...named, ...methods };
}

/** What `forward` takes, made of numbers that stand one after the other. */
export function inputsOf({ inputs }: Ends, flat: unknown): unknown {
  return split(
    flat,
    inputs?.map(({ name, shape }) => [name, sizeOf(shape)] as const),
    1,
  );
}

/** The same for `backward`. */
export function givensFor({ outputs }: Ends, flat: unknown): unknown {
  return split(flat, outputs && targetParts(outputs), 1);
}

/** Outputs without a loss take no target, unless none has one: then each takes its gradient. */
function targetParts(outputs: readonly NamedEnd[]): Parts {
  return outputs.flatMap(({ name, target = 0 }) => (target > 0 ? [[name, target] as const] : []));
}

/** From samples one after the other to an array for each part. */
function split(flat: unknown, parts: Parts | undefined, count: number): unknown {
  if (parts === undefined) return flat;
  const numbers = flat as ArrayLike<unknown> & { slice(from: number, to: number): Iterable<unknown> };
  const whole = parts.reduce((total, [, size]) => total + size, 0);
  let from = 0;
  const entries = parts.map(([name, size]) => {
    const start = from;
    from += size;
    const ofSample = (sample: number) => numbers.slice(sample * whole + start, sample * whole + start + size);
    if (count === 1) return [name, ofSample(0)] as const;
    return [name, Array.from({ length: count }, (_, sample) => [...ofSample(sample)]).flat()] as const;
  });
  return Object.fromEntries(entries);
}

/** From an array for each output to samples one after the other. */
function joined(named: unknown, outputs: readonly NamedEnd[] | undefined, count: number): unknown {
  if (outputs === undefined) return named;
  const found = Object.entries(named as Readonly<Record<string, Iterable<unknown>>>);
  const arrays = Object.fromEntries(found.map(([name, values]) => [name, [...values]]));
  return Array.from({ length: count }, (_, sample) =>
    outputs.flatMap(({ name, shape }) => {
      const size = sizeOf(shape);
      return Array.from({ length: size }, (_, n) => arrays[name]![sample * size + n]);
    }),
  ).flat();
}

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}
