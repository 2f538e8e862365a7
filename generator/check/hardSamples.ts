import { type Evaluation, evaluate, givensOf, layerShapes, parameterShapes } from '../reference/interpreter.ts';
import { elementCount, type Tensor } from '../reference/tensor.ts';
import type { Network } from '../spec/network.ts';
import type { Sample } from './sample.ts';

/** A sample that asks what numbers near 1 do not. */
export interface HardSample extends Sample {
  /** Such as `large and even`. */
  readonly kind: string;
}

interface Kind {
  readonly name: string;
  /** What the input is multiplied by; a power of two, so that nothing is rounded. */
  readonly scale: number;
  /** Whether all weights of a tensor and all numbers of the input are equal: every logit is, and every window is a tie. */
  readonly isEven: boolean;
  /** Whether the target is what the network is sure of: its loss is then small, and has digits of its own. */
  readonly isConfident: boolean;
}

const kinds: readonly Kind[] = [
  { name: 'even', scale: 1, isEven: true, isConfident: false },
  { name: 'large and even', scale: 2 ** 30, isEven: true, isConfident: false },
  { name: 'tied', scale: 1, isEven: false, isConfident: false },
  { name: 'confident', scale: 4, isEven: false, isConfident: true },
  { name: 'saturated', scale: 32, isEven: false, isConfident: true },
  { name: 'large', scale: 2 ** 20, isEven: false, isConfident: true },
  { name: 'tiny', scale: 2 ** -20, isEven: false, isConfident: false },
];

/** How often each kind is drawn: few numbers are sure of anything, or large, by chance. */
const draws = 6;

/**
 * Some samples of each hard kind, as far as the network asks it exactly: weights and inputs are small multiples of powers of
 * two, so that no sum is rounded in float32 either, and what differs is neither the order of a sum nor its precision. Where
 * a layer in between rounds (a tanh, a division by 3), a hard number behind it would measure that, and is left out, even if
 * what was rounded has cancelled to 0 there.
 */
export function hardSamples(network: Network, random: () => number): readonly HardSample[] {
  return Array.from({ length: draws }, () => kinds)
    .flat()
    .flatMap((kind): HardSample[] => {
      const drawn = draw(network, kind, random);
      const evaluation = evaluate(network, drawn.parameters, drawn.input);
      const inner = [...evaluation.preActivations.values(), ...readIn(network, evaluation)].flatMap((one) => [
        ...one.values,
      ]);
      if (!inner.every((z) => isExact(z, kind.scale))) return [];
      const given =
        kind.isConfident && network.outputs === undefined && givensOf(network)[0]!.classes === undefined
          ? targetOf(network, evaluation.output.values)
          : drawn.given;
      return [{ ...drawn, given, kind: kind.name }];
    });
}

/** What layers compute with; one that hands on what it reads, in whatever shape, does not. */
function readIn({ layers }: Network, { outputs }: Evaluation): readonly Tensor[] {
  return layers.flatMap(({ name, inputs }) => {
    const { values } = outputs.get(name)!;
    const read = inputs.map((one) => outputs.get(one)!);
    const isSame = read.length === 1 && values.every((value, n) => Object.is(value, read[0]!.values[n]));
    return isSame ? [] : read;
  });
}

/** Whether a number is an integer of at most 20 bits in units of the scale: it and the sums around it fit float32. */
function isExact(z: number, scale: number): boolean {
  const unit = z / (scale * 2 ** -6);
  return Number.isInteger(unit) && Math.abs(unit) < 2 ** 20;
}

function draw(network: Network, { scale, isEven }: Kind, random: () => number): Sample {
  const step = () => Math.round(4 * random() - 2) / 2;
  const fill = (count: number, next: () => number): number[] => {
    const same = next() || 1;
    return Array.from({ length: count }, () => (isEven ? same : next()));
  };
  const parameters = parameterShapes(network).flatMap(({ shape, statistic }) => {
    const count = elementCount(shape);
    // A variance of 1 is its own root; a bias would be of another size than what it is added to.
    if (statistic) return fill(count, () => 1);
    return shape.length < 2 && scale !== 1 ? fill(count, () => 0).map(() => 0) : fill(count, step);
  });
  const given = givensOf(network).flatMap(({ count, classes = 2 }) =>
    fill(count, () => Math.min(classes - 1, Math.floor(classes * random()))),
  );
  return {
    parameters: Float64Array.from(parameters),
    input: Float64Array.from(fill(elementCount(network.input), step), (value) => value * scale),
    given: Float64Array.from(given),
  };
}

/** What a sure network is sure of: 1 at the largest number of each row and 0 elsewhere, or every number rounded. */
function targetOf(network: Network, output: Float64Array): Float64Array {
  const row = layerShapes(network).get(network.layers.at(-1)!.name)!.at(-1)!;
  if (network.loss !== 'categoricalCrossentropy') return output.map((value) => Math.round(value));
  return output.map((_, n) => {
    const start = n - (n % row);
    const values = output.subarray(start, start + row);
    return values.indexOf(Math.max(...values)) === n - start ? 1 : 0;
  });
}
