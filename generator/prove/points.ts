import { givensOf, maskedLayers, type Parameter, parameterShapes } from '../reference/interpreter.ts';
import { hasLoss } from '../spec/losses.ts';
import type { Shape, ShapedNetwork } from '../spec/network.ts';
import { type Residue, residueOf } from './field.ts';
import { randomFraction, randomResidue } from './random.ts';

/** A number as a float and, independently, as a residue. */
export interface Coordinate {
  readonly float: number;
  readonly residue: Residue;
}

/** Numbers for everything that a training step takes. */
export interface Point {
  /** On kinks, parameters and input are small integers whose residues are their values: equal numbers are everywhere. */
  readonly onKinks: boolean;
  readonly parameters: readonly Coordinate[];
  readonly input: readonly Coordinate[];
  /** The target, or ∂L/∂output for a network without a loss. */
  readonly given: readonly Coordinate[];
  /** What `gradients` holds before `backward` adds to it. */
  readonly gradients: readonly Coordinate[];
  readonly rate: Coordinate;
  /** For each layer with a mask, what it multiplies by. */
  readonly masks: readonly (readonly Coordinate[])[];
}

/** How the numbers of a round are chosen, so that together the rounds see every region. */
interface Style {
  readonly onKinks: boolean;
  /** Of the input; of the parameters relative to what keeps numbers of the size of the input. */
  readonly scale: number;
  /** The shares of negative parameters and inputs. */
  readonly negative: number;
  readonly negativeInputs: number;
  /** The share of parameters other than 0, in those of the parameter tensors that are sparse: every second or so. */
  readonly density: number;
}

const dense = { onKinks: false, scale: 1, negative: 0.5, negativeInputs: 0.5, density: 1 };
const onKinks = { ...dense, onKinks: true };

// A kernel of few numbers slides over an image of few values: windows tie everywhere, and where the layers behind are
// positive the gradient gets there.
const tied = { ...onKinks, scale: 0.5, density: 0.15, negative: 0.05, negativeInputs: 0.05 };

const styles: readonly Style[] = [
  dense,
  tied,
  // Every relu alive; every relu dead.
  { ...dense, negative: 0.1, negativeInputs: 0.1 },
  { ...dense, negative: 0.8, negativeInputs: 0.1 },
  // Past the ends of relu6 and hardSigmoid; to the kinks at 3 and 6.
  { ...dense, scale: 3 },
  { ...onKinks, scale: 3 },
  { ...dense, scale: 0.4, negative: 0.4 },
  { ...onKinks, density: 0.3, negative: 0.3, negativeInputs: 0.3 },
  { ...dense, scale: 8 },
];

const kinkStyles: readonly Style[] = [
  tied,
  { ...tied, negative: 0.2 },
  { ...onKinks, scale: 3, density: 0.3 },
  tied,
  { ...onKinks, density: 0.3 },
];

/** After so many rounds every style of points was seen. */
export const styleCount = styles.length;

/** Which list of numbers a random word is for. */
const words = { parameters: 1, input: 2, given: 3, gradients: 4, rate: 5, masks: 6 } as const;

/** Which point of those that a seed gives. */
export interface PointName {
  readonly seed: number;
  readonly round: number;
  /** Only points on kinks, as when all arms were taken already. */
  readonly onKinks: boolean;
}

/** A point, always the same for the same name. */
export function pointOf(network: ShapedNetwork, { seed, round, onKinks }: PointName): Point {
  const style = onKinks ? kinkStyles[round % kinkStyles.length]! : styles[round % styles.length]!;
  const at = (what: keyof typeof words, n: number, one: (random: Random, n: number) => number, whole = false) => {
    const random = (k: number): number => randomFraction(seed, round, words[what], n, k);
    const float = one(random, n);
    return { float, residue: whole ? residueOf(BigInt(float)) : randomResidue(seed, round, words[what], n) };
  };
  const list = (what: keyof typeof words, length: number, one: (random: Random, n: number) => number, whole = false) =>
    Array.from({ length }, (_, n) => at(what, n, one, whole));
  const plain = (random: Random): number => 2 * random(0) - 1;
  const classes = givensOf(network).flatMap((part) => new Array<number | undefined>(part.count).fill(part.classes));
  // Zeros tie in the windows of a pool: every second point has none.
  const dropped = style.onKinks || round % 2 === 1 ? 0.3 : 0;
  // A target of 0 or 1 is a kink as well: a cross-entropy asks for both.
  const isSharp = style.onKinks && hasLoss(network);
  const sharp = (random: Random): number => Math.floor(4 * random(0)) - 1;
  const parameters = parameterShapes(network).flatMap((parameter) =>
    new Array<Parameter>(sizeOf(parameter.shape)).fill(parameter),
  );
  const isSparse = (offset: number): boolean => randomFraction(seed, round, words.parameters, offset, -1) < 0.5;
  return {
    onKinks: style.onKinks,
    parameters: list('parameters', parameters.length, parameterNumber(parameters, style, isSparse), style.onKinks),
    input: list('input', sizeOf(network.input), inputNumber(style), style.onKinks),
    given: classes.map((ofPlace, n) => {
      const one = (random: Random): number => Math.floor((ofPlace ?? 0) * random(0));
      return ofPlace === undefined ? at('given', n, isSharp ? sharp : plain, isSharp) : at('given', n, one, true);
    }),
    gradients: list('gradients', parameters.length, plain),
    rate: list('rate', 1, (random) => random(0))[0]!,
    masks: masksOf(network, (count) =>
      list('masks', count, (random) => (random(0) < dropped ? 0 : style.onKinks ? 2 : 1 + random(1)), style.onKinks),
    ),
  };
}

/** Numbers for all masks, a list for each. */
function masksOf(network: ShapedNetwork, draw: (count: number) => readonly Coordinate[]): Coordinate[][] {
  const counts = maskedLayers(network).map(({ count }) => count);
  const all = [...draw(counts.reduce((sum, count) => sum + count, 0))];
  return counts.map((count) => all.splice(0, count));
}

type Random = (k: number) => number;

/** A kernel's numbers shrink with its fan-in (He's rule); a statistic is positive, as a variance must be. */
function parameterNumber(
  parameters: readonly Parameter[],
  { onKinks, scale, negative, density }: Style,
  isSparse: (offset: number) => boolean,
) {
  return (random: Random, n: number): number => {
    const { shape, statistic, offset } = parameters[n]!;
    if (statistic) return onKinks ? 1 + Math.floor(2 * random(0)) : 0.5 + random(0);
    const sign = random(1) < negative ? -1 : 1;
    if (isSparse(offset) && random(2) >= density) return 0;
    if (onKinks) return sign * (1 + Math.floor(2 * random(0)));
    const fanIn = sizeOf(shape.slice(0, -1));
    return sign * random(0) * scale * Math.sqrt(6 / Math.max(fanIn, 6));
  };
}

function inputNumber({ onKinks, scale, negativeInputs }: Style) {
  return (random: Random): number => {
    const sign = random(1) < negativeInputs ? -1 : 1;
    return onKinks ? sign * Math.floor((1 + 2 * scale) * random(0)) + 0 : sign * 2 * scale * random(0);
  };
}

export function sizeOf(shape: Shape): number {
  return shape.reduce((product, size) => product * size, 1);
}
