import { givenOf, type Program } from '../equations/equation.ts';
import { countParameters, placeParameters } from '../equations/parameters.ts';
import { isDifferentiable, sizeOf } from '../equations/tensor.ts';
import type { PackedWeights } from '../exchange/weights/pack.ts';
import { lastOf } from '../lists.ts';
import { arrayName } from '../print/typescript/text.ts';
import { digestOf } from '../spec/digest.ts';
import { hasLoss, lossText } from '../spec/losses.ts';
import type { ShapedNetwork } from '../spec/network.ts';
import { type MaskView, type StatisticsView, viewMask, viewStatistics } from './batchViews.ts';
import { type EndsView, viewEnds } from './ends.ts';
import { format, listText } from './format.ts';
import { describeStep } from './step.ts';
import { viewWeights, type WeightsView } from './weights.ts';

/** What the user of a module sees of it, whatever its form; the templates interpolate it. */
export interface FacadeView {
  readonly name: string;
  readonly header: readonly string[];
  readonly inputShape: string;
  readonly outputShape: string;
  /** The type of every array of numbers. */
  readonly array: 'Float64Array' | 'Float32Array';
  readonly inputSize: number;
  readonly outputSize: number;
  readonly inputText: string;
  readonly outputText: string;
  readonly parameterCount: number;
  readonly parameters: readonly ParameterView[];
  /** Inputs and outputs by name, where the spec has names for them. */
  readonly ends: EndsView | false;
  /** The parameter of `forward`, its type, and that of what it returns. */
  readonly inputsName: 'input' | 'inputs';
  readonly inputsType: 'ArrayLike<number>' | 'Inputs';
  readonly outputsType: 'Float64Array' | 'Float32Array' | 'Outputs';
  /** The weights that a model starts from, where they are built in. */
  readonly weights: WeightsView | false;
  /** The parameters that begin at the same number for every seed, such as the γ of a normalisation, where anything fills them. */
  readonly constants: readonly ConstantView[];
}

/** The same for what trains. */
export interface TrainingFacade {
  readonly hasLoss: boolean;
  /** What `backward` is called with: a target, or the output's gradient. */
  readonly givenName: 'target' | 'gradient';
  /** What `trainBatch` calls several of them; `gradients` are the model's own. */
  readonly givenNames: 'targets' | 'outputGradients';
  readonly givenLength: number;
  /** What it is called where outputs have names, and its type. */
  readonly givensName: 'target' | 'gradient' | 'targets' | 'gradients';
  readonly givensType: 'ArrayLike<number>' | 'Targets' | 'OutputGradients';
  /** What a target says, and whether it says it in class numbers. */
  readonly givenText: string;
  readonly isClasses: boolean;
  readonly returns: 'number' | 'void';
  readonly inputGradient: string | false;
  /** The parameters that the seed draws. */
  readonly drawn: readonly DrawnView[];
  readonly isRandom: boolean;
  /** Whether layers are held fixed. */
  readonly hasFixed: boolean;
  /** The parameters that learn, from `start` up to, not including, `end`. */
  readonly learning: readonly { readonly start: number; readonly end: number }[];
  /** The formulas of `step`. */
  readonly stepText: readonly string[];
  /** What samples are multiplied by while a batch trains. */
  readonly masks: readonly MaskView[];
  readonly hasMasks: boolean;
  readonly maskNames: string;
  /** Layers that a batch normalises while it trains. */
  readonly statistics: readonly StatisticsView[];
  readonly hasStatistics: boolean;
  /** The function that runs a batch; where layers have its statistics, the one that they call several times. */
  readonly runSamples: 'runBatch' | 'runSamples';
  /** Whether the module draws random numbers. */
  readonly draws: boolean;
  /** Arrays that `initialize` sets to 0. */
  readonly state: readonly string[];
}

interface ParameterView {
  readonly name: string;
  readonly shape: string;
  readonly offset: number;
}

interface RangeView {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

interface ConstantView extends RangeView {
  readonly value: number;
}

/** Uniform in ±limit. */
interface DrawnView extends RangeView {
  readonly limit: number;
}

/** The facade of a network; `facts` are the lines about its form. */
export function viewFacade(
  network: ShapedNetwork,
  program: Program,
  array: FacadeView['array'],
  macs: number,
  facts: readonly string[],
  weights: PackedWeights | undefined,
  legend: readonly string[] = [],
): FacadeView {
  const parameterCount = countParameters(program.parameters);
  const ends = viewEnds(network, program);
  return {
    ends,
    inputsName: ends !== false && ends.areInputsNamed ? 'inputs' : 'input',
    inputsType: ends !== false && ends.areInputsNamed ? 'Inputs' : 'ArrayLike<number>',
    outputsType: ends !== false && ends.areOutputsNamed ? 'Outputs' : array,
    name: network.name,
    header: [
      ...header(network, macs, weights === undefined ? facts : [...facts, weightsFact(weights)], parameterCount),
      ...(legend.length > 0 ? ['', ...legend] : []),
    ],
    weights: weights !== undefined && viewWeights(weights),
    constants: weights !== undefined && givenOf(program) === undefined ? [] : viewConstants(program),
    inputShape: listText(network.input),
    outputShape: listText(network.shapes.at(-1) ?? []),
    array,
    inputSize: sizeOf(program.input),
    outputSize: sizeOf(program.output),
    inputText: sizeText(network.input),
    outputText: sizeText(network.shapes.at(-1) ?? []),
    parameterCount,
    parameters: placeParameters(program.parameters).map(({ name, shape, offset }) => ({
      name,
      shape: listText(shape),
      offset,
    })),
  };
}

/** The facade of training; undefined for inference. */
export function viewTraining(network: ShapedNetwork, program: Program, suffix = ''): TrainingFacade | undefined {
  const given = givenOf(program);
  if (given === undefined) return undefined;
  const { step } = program;
  const areNamed = network.outputs !== undefined;
  const hasLoss = program.loss !== undefined;
  const takesClasses = !areNamed && given === program.target && given.shape.join() !== program.output.shape.join();
  return {
    hasLoss: program.loss !== undefined,
    givenName: program.loss ? 'target' : 'gradient',
    givenNames: program.loss ? 'targets' : 'outputGradients',
    givenLength: sizeOf(given),
    givensName: hasLoss ? (areNamed ? 'targets' : 'target') : areNamed ? 'gradients' : 'gradient',
    givensType: !areNamed ? 'ArrayLike<number>' : hasLoss ? 'Targets' : 'OutputGradients',
    givenText: takesClasses
      ? `the class at each place, a whole number from 0 to ${lastOf(program.output.shape) - 1}`
      : 'what the output should have been',
    isClasses: takesClasses,
    returns: program.loss ? 'number' : 'void',
    inputGradient: program.inputGradient ? arrayName(program.inputGradient) : false,
    drawn: viewDrawn(program),
    isRandom: program.parameters.some(({ initial }) => initial.kind === 'uniform'),
    masks: program.masks.map((mask) => viewMask(mask, suffix)),
    hasMasks: program.masks.length > 0,
    statistics: program.statistics.map((one) => viewStatistics(one, program, suffix)),
    hasStatistics: program.statistics.length > 0,
    runSamples: program.statistics.length > 0 ? 'runSamples' : 'runBatch',
    maskNames: program.masks.map(({ tensor }) => `${arrayName(tensor)}${suffix}`).join(', '),
    draws: program.masks.length > 0 || program.parameters.some(({ initial }) => initial.kind === 'uniform'),
    hasFixed: hasFixed(program),
    learning: step.learning.map(({ start, count }) => ({ start, end: start + count })),
    stepText: describeStep(step),
    state: step.state.map(arrayName),
  };
}

/** Whether a layer is held fixed; a statistic never learns. */
function hasFixed({ parameters }: Program): boolean {
  return parameters.some(({ tensor, learns }) => !learns && isDifferentiable(tensor));
}

function viewDrawn({ parameters }: Program): DrawnView[] {
  return placeParameters(parameters).flatMap(({ tensor, initial, name, offset: start }) =>
    initial.kind === 'uniform' ? [{ name, start, end: start + sizeOf(tensor), limit: initial.limit }] : [],
  );
}

function viewConstants({ parameters }: Program): ConstantView[] {
  return placeParameters(parameters).flatMap(({ tensor, initial, name, offset: start }) =>
    initial.kind === 'constant' && initial.value !== 0
      ? [{ name, start, end: start + sizeOf(tensor), value: initial.value }]
      : [],
  );
}

/**
 * A space at which no line breaks. It is also what ESLint calls irregular, so that the directive above disables
 * something in every configuration and is never itself reported as unused.
 */
const noBreak = '\u00A0';

/** The facts at the top of the file: where it comes from and what it costs. */
function header(network: ShapedNetwork, macs: number, facts: readonly string[], parameterCount: number): string[] {
  return [
    `${network.name}: ${chainText(network)}${hasLoss(network) ? `, ${lossText(network)}` : ''}`,
    `Generated by longhand from the spec with digest${noBreak}${digestOf(network)}; change the spec, not this file.`,
    '',
    `parameters  ${format(parameterCount)}`,
    `MACs        ${format(macs)} (padding counted, as is usual)`,
    ...facts,
  ];
}

/** `8×8×1 → conv2d1 → dense1 → 10`; where inputs or outputs have names, their shapes beside these. */
export function chainText({ input, inputs, layers, outputs, shapes }: ShapedNetwork): string {
  const shapeOf = (name: string): string => (shapes[layers.findIndex((one) => one.name === name)] ?? []).join('×');
  const last = layers.length - (outputs === undefined ? 0 : outputs.length + (outputs.length > 1 ? 1 : 0));
  return [
    inputs?.map(({ name, shape }) => `${name} ${shape.join('×')}`).join(', ') ?? input.join('×'),
    ...layers.slice(0, last).map(({ name }) => name),
    outputs?.map(({ name }) => `${name} ${shapeOf(name)}`).join(', ') ?? (shapes.at(-1) ?? []).join('×'),
  ].join(' → ');
}

function weightsFact({ precision, bytes }: PackedWeights): string {
  return `weights     ${precision}, ${format(bytes.length)} bytes built in`;
}

/** `8×8×1 numbers`, `10 numbers`, `1 number`. */
function sizeText(shape: readonly number[]): string {
  return `${shape.join('×')} number${shape.every((size) => size === 1) ? '' : 's'}`;
}
