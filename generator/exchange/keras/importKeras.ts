import { type Problem, SpecError } from '../../spec/problem.ts';
import { plainOrder } from '../build/activation.ts';
import { finish } from '../build/finish.ts';
import { foldScale } from '../build/fuse.ts';
import { type BuiltLayer, type Parameters, SpecBuilder } from '../build/specBuilder.ts';
import type { Imported, ImportOptions } from '../imported.ts';
import { quote, refuse } from '../refuse.ts';
import { elementCount, type WeightTensor } from '../weights/tensors.ts';
import { type Part, ruleOf, transparent } from './layers.ts';
import type { KerasLayer, KerasModel } from './model.ts';

const maxProblems = 20;

/** Turns a model of Keras or TensorFlow.js, which has its channels last as a spec has, into a spec and its weights. */
export function importKeras(model: KerasModel, options: ImportOptions): Imported {
  const input = inputOf(model);
  const shape = shapeOf(input);
  const builder = new SpecBuilder(new Map([['input', shape]]));
  const made = new Map([[input.name, 'input']]);
  const problems: Problem[] = [];
  for (const layer of model.layers) {
    if (layer === input) continue;
    const from = layer.calls[0]?.map((name) => made.get(name));
    // What reads a layer that cannot be expressed has nothing to read.
    if (from === undefined || from.includes(undefined)) continue;
    try {
      if (layer.calls.length > 1)
        refuse('', `a layer that is used ${layer.calls.length} times`, 'one that is used once');
      made.set(layer.name, build(builder, model, layer, from as readonly string[], options));
    } catch (error) {
      if (!(error instanceof SpecError)) throw error;
      problems.push(...error.problems.map((one) => ({ ...one, path: place(layer, one.path) })));
    }
  }
  if (problems.length > 0) throw new SpecError(problems.slice(0, maxProblems));
  const last =
    made.get(model.output) ?? refuse('', `an output ${quote(model.output)} that no layer makes`, 'a whole model');
  if (builder.layers.at(-1)?.name !== last) builder.add('activation', [last], { activation: 'linear' });
  return finish(builder, options);
}

function place({ name, kind }: KerasLayer, path: string): string {
  const own = `layer ${quote(name)} (${kind.slice(0, 40)})`;
  return path === '' || path.includes(name) ? own : `${own}: ${path}`;
}

function inputOf({ layers }: KerasModel): KerasLayer {
  const inputs = layers.filter(({ kind }) => kind === 'InputLayer');
  const [input] = inputs;
  return inputs.length === 1 && input !== undefined ? input : refuse('', `${inputs.length} inputs`, 'one input');
}

/** The shape of a sample: without the batch in front. */
function shapeOf({ name, config }: KerasLayer): readonly number[] {
  const whole = config.batch_shape ?? config.batch_input_shape;
  const shape = Array.isArray(whole) ? whole.slice(1) : [];
  const isFixed =
    shape.length >= 1 && shape.length <= 3 && shape.every((size) => Number.isSafeInteger(size) && size > 0);
  if (!isFixed)
    refuse(quote(name), `an input of ${JSON.stringify(whole)?.slice(0, 60)}`, 'fixed sizes but for the batch');
  return shape as readonly number[];
}

function build(
  builder: SpecBuilder,
  model: KerasModel,
  layer: KerasLayer,
  from: readonly string[],
  { fold }: ImportOptions,
): string {
  if (transparent.includes(layer.kind)) return from[0]!;
  const weights = [...model.weightsOf(layer)];
  const parts = ruleOf(layer)(layer);
  const wanted = parts.flatMap(({ takes }) => takes).length;
  if (weights.length !== wanted) refuse('', `${weights.length} weights`, `${wanted}`);
  let names = from;
  for (const part of parts) {
    const parameters = Object.fromEntries(part.takes.map((kind) => [kind, weights.shift()!]));
    names = [add(builder, part, names, parameters, fold ?? false)];
  }
  return names[0]!;
}

function add(
  builder: SpecBuilder,
  { type, options }: Part,
  inputs: readonly string[],
  given: Readonly<Record<string, WeightTensor>>,
  fold: boolean,
): string {
  // Keras 3 and TensorFlow.js leave a reshape's one unknown size open.
  const known = type === 'reshape' ? { shape: closed(options.shape, builder.shapeOf(inputs[0]!)) } : options;
  const parameters = complete(type, builder.shapeOf(inputs[0]!), given);
  if (
    fold &&
    type === 'batchNormalization' &&
    folded(builder, inputs[0]!, known.epsilon as number | undefined, parameters)
  ) {
    return inputs[0]!;
  }
  return builder.add(type, inputs, known, parameters).name;
}

function closed(shape: unknown, input: readonly number[]): unknown {
  if (!Array.isArray(shape)) return shape;
  const rest = shape.reduce((product: number, size: number) => (size > 0 ? product * size : product), 1);
  return shape.map((size) => (size === -1 || size === null ? elementCount(input) / rest : size));
}

/** Scale 1 and shift 0 where a norm goes without; the numbers alone otherwise. */
function complete(type: string, shape: readonly number[], given: Readonly<Record<string, WeightTensor>>): Parameters {
  const values = Object.fromEntries(Object.entries(given).map(([kind, tensor]) => [kind, tensor.values]));
  if (!type.endsWith('Normalization')) return values;
  const channels = shape.at(-1)!;
  return { gamma: new Float64Array(channels).fill(1), beta: new Float64Array(channels), ...values };
}

function folded(builder: SpecBuilder, input: string, epsilon = 1e-3, parameters: Parameters): boolean {
  const { gamma, beta, movingMean, movingVariance } = parameters as Readonly<Record<string, Float64Array>>;
  const layer = builder.layerOf(input);
  if (layer === undefined || isRead(builder, layer)) return false;
  const scale = gamma!.map((one, c) => one / Math.sqrt(movingVariance![c]! + epsilon));
  const shift = beta!.map((one, c) => one - movingMean![c]! * scale[c]!);
  const { shape, name } = layer;
  const dims = [1, ...shape];
  return foldScale(
    builder,
    { kind: 'activation', layer: name, shape, dims, order: plainOrder(dims), isShared: false },
    scale,
    shift,
  );
}

/** Whether an earlier layer reads it as well. */
function isRead(builder: SpecBuilder, { name }: BuiltLayer): boolean {
  return builder.layers.some(({ inputs }) => inputs.includes(name));
}
