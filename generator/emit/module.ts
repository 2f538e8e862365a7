import { createHash } from 'node:crypto';
import type { Parameter, Program } from '../equations/equation.ts';
import { sizeOf, type Tensor } from '../equations/tensor.ts';
import { type Step, writeStep } from '../layers/optimizers.ts';
import { arrayName } from '../print/typescript.ts';
import type { ShapedNetwork } from '../spec/network.ts';
import { type ArrayView, declareArrays, declareState } from './arrays.ts';
import type { FormView, FunctionView } from './form.ts';
import { describeStep, printStep } from './step.ts';
import { template } from './templates.ts';

const renderModule = template<ModuleView>('module');
const renderErf = template<Record<string, never>>('erf');

/** Everything that the module template interpolates; all decisions are taken here. */
interface ModuleView {
  readonly name: string;
  readonly header: readonly string[];
  readonly inputShape: string;
  readonly outputShape: string;
  readonly inputSize: number;
  readonly inputText: string;
  readonly outputText: string;
  readonly parameterCount: number;
  readonly parameters: readonly ParameterView[];
  readonly arrays: readonly ArrayView[];
  readonly functions: readonly FunctionView[];
  readonly forwardCalls: readonly string[];
  readonly training: TrainingView | false;
  readonly helpers: readonly string[];
  readonly output: string;
  /** Statements that copy `input` to where the functions read it. */
  readonly inputCopy: readonly string[];
}

interface TrainingView {
  readonly backwardCalls: readonly string[];
  readonly hasLoss: boolean;
  readonly given: string;
  readonly givenLength: number;
  readonly returns: string;
  readonly loss: string;
  readonly inputGradient: string | false;
  readonly initial: readonly string[];
  readonly isRandom: boolean;
  /** The formulas of `step`. */
  readonly stepText: readonly string[];
  readonly stepCode: readonly string[];
  /** Arrays that `initialize` sets to 0. */
  readonly state: readonly string[];
}

interface ParameterView {
  readonly name: string;
  readonly shape: string;
  readonly offset: number;
}

/** The text of the generated module. */
export function printModule(network: ShapedNetwork, program: Program, form: FormView): string {
  const callsOf = (pass: 'forward' | 'backward'): string[] =>
    form.functions.filter((one) => one.pass === pass).map(({ name }) => name);
  const offsets = offsetsOf(program.parameters);
  const parameterCount = program.parameters.reduce((total, { tensor }) => total + sizeOf(tensor), 0);
  const step = writeStep(network.optimizer, parameterCount);
  const trains = program.loss !== undefined || program.outputGradient !== undefined;
  return renderModule({
    name: network.name,
    header: header(network, form, parameterCount),
    inputShape: JSON.stringify(network.input).replaceAll(',', ', '),
    outputShape: JSON.stringify(network.shapes.at(-1)).replaceAll(',', ', '),
    inputSize: sizeOf(program.input),
    inputText: sizeText(network.input),
    outputText: sizeText(network.shapes.at(-1) ?? []),
    parameterCount,
    parameters: program.parameters.map(({ tensor, name }, position) => ({
      name,
      shape: JSON.stringify(tensor.shape).replaceAll(',', ', '),
      offset: offsets[position] as number,
    })),
    arrays: [...declareArrays(program, form, offsets), ...(trains ? step.state.map(declareState) : [])],
    functions: form.functions,
    forwardCalls: callsOf('forward'),
    inputCopy: form.inputCopy,
    training: trains && trainingView(program, callsOf('backward'), offsets, step),
    helpers: form.helpers.map(() => renderErf({})),
    output: arrayName(program.output),
  });
}

function offsetsOf(parameters: readonly Parameter[]): number[] {
  let next = 0;
  return parameters.map(({ tensor }) => {
    const offset = next;
    next += sizeOf(tensor);
    return offset;
  });
}

function trainingView(
  program: Program,
  backwardCalls: readonly string[],
  offsets: readonly number[],
  step: Step,
): TrainingView {
  const given = (program.target ?? program.outputGradient) as Tensor;
  const initial = program.parameters.flatMap(({ tensor, initial: start, name }, position) =>
    start.kind === 'uniform'
      ? [
          `for (let n = ${offsets[position]}; n < ${(offsets[position] as number) + sizeOf(tensor)}; n++) parameters[n] = ${start.limit} * (2 * random() - 1); // ${name}`,
        ]
      : start.value === 0
        ? []
        : [
            `parameters.fill(${start.value}, ${offsets[position]}, ${(offsets[position] as number) + sizeOf(tensor)}); // ${name}`,
          ],
  );
  return {
    backwardCalls,
    hasLoss: program.loss !== undefined,
    given: arrayName(given),
    givenLength: sizeOf(given),
    returns: program.loss ? 'number' : 'void',
    loss: program.loss ? arrayName(program.loss) : '',
    inputGradient: program.inputGradient ? arrayName(program.inputGradient) : false,
    initial,
    stepText: describeStep(step),
    stepCode: printStep(step),
    state: step.state.map(arrayName),
    isRandom: program.parameters.some(({ initial: start }) => start.kind === 'uniform'),
  };
}

/** The facts at the top of the file: where it comes from and what it costs. */
function header(network: ShapedNetwork, form: FormView, parameterCount: number): string[] {
  const { shapes: _, ...spec } = network;
  const digest = createHash('sha256').update(JSON.stringify(spec)).digest('hex').slice(0, 16);
  return [
    `${network.name}: ${network.input.join('×')} → ${network.layers.map(({ name }) => name).join(' → ')} → ${(network.shapes.at(-1) ?? []).join('×')}${network.loss ? `, ${network.loss}` : ''}`,
    `Generated by longhand from the spec with digest ${digest}; change the spec, not this file.`,
    '',
    `parameters  ${format(parameterCount)}`,
    `MACs        ${format(form.macs)} (padding counted, as is usual)`,
    ...form.facts,
  ];
}

/** `7,232` */
export function format(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** `8×8×1 numbers`, `10 numbers`, `1 number`. */
function sizeText(shape: readonly number[]): string {
  return `${shape.join('×')} number${shape.every((size) => size === 1) ? '' : 's'}`;
}
