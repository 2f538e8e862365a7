import { createHash } from 'node:crypto';
import type { Parameter, Program } from '../equations/equation.ts';
import type { FunctionName } from '../equations/functions.ts';
import { sizeOf, storageOf, type Tensor } from '../equations/tensor.ts';
import { arrayName, helperOf } from '../print/typescript.ts';
import { policy } from '../schedule/policy.ts';
import { childrenOf, countOperations, type Scalar } from '../schedule/scalar.ts';
import type { UnrolledPlan } from '../schedule/unrolledPlan.ts';
import type { ShapedNetwork } from '../spec/network.ts';
import { type FunctionView, printFunction } from './function.ts';
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
  readonly arrays: readonly { readonly declaration: string; readonly comment: string }[];
  readonly functions: readonly FunctionView[];
  readonly forwardCalls: readonly string[];
  readonly training: TrainingView | false;
  readonly helpers: readonly string[];
  readonly output: string;
  readonly inputArray: string;
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
  /** Parameters updated four at a time; false where a plain loop does. */
  readonly fours: number | false;
}

interface ParameterView {
  readonly name: string;
  readonly shape: string;
  readonly offset: number;
}

/** The text of the generated module. */
export function printModule(network: ShapedNetwork, program: Program, plan: UnrolledPlan): string {
  const functions = plan.functions.map((one, position) => printFunction(one, position, plan, network, program));
  const isForward = (position: number): boolean => plan.functions[position]?.pass === 'forward';
  const calls = functions.map(({ name }) => name);
  const offsets = offsetsOf(program.parameters);
  const parameterCount = program.parameters.reduce((total, { tensor }) => total + sizeOf(tensor), 0);
  const trains = program.loss !== undefined || program.outputGradient !== undefined;
  return renderModule({
    name: network.name,
    header: header(network, program, plan, parameterCount),
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
    arrays: arraysOf(program, plan, offsets),
    functions,
    forwardCalls: calls.filter((_, position) => isForward(position)),
    training:
      trains &&
      trainingView(
        program,
        calls.filter((_, position) => !isForward(position)),
        offsets,
      ),
    helpers: helpersOf(plan).map(() => renderErf({})),
    output: arrayName(program.output),
    inputArray: arrayName(program.input),
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

function trainingView(program: Program, backwardCalls: readonly string[], offsets: readonly number[]): TrainingView {
  const given = (program.target ?? program.outputGradient) as Tensor;
  const count = program.parameters.reduce((total, { tensor }) => total + sizeOf(tensor), 0);
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
    fours: count >= policy.parametersInPlainLoop && count - (count % 4),
    isRandom: program.parameters.some(({ initial: start }) => start.kind === 'uniform'),
  };
}

/** Every array of a model: views of the flat parameters and gradients, then buffers of its own. */
function arraysOf(program: Program, plan: UnrolledPlan, offsets: readonly number[]): ModuleView['arrays'] {
  const flat = new Map<Tensor, string>();
  for (const [position, { tensor }] of program.parameters.entries()) {
    const range = `${offsets[position]}, ${(offsets[position] as number) + sizeOf(tensor)}`;
    flat.set(tensor, `parameters.subarray(${range})`);
    const gradient = program.gradients.get(tensor);
    if (gradient) flat.set(gradient, `gradients.subarray(${range})`);
  }
  const always = [
    program.input,
    program.output,
    program.target,
    program.loss,
    program.outputGradient,
    program.inputGradient,
  ];
  const used = new Set([...always.filter((tensor) => tensor !== undefined).map(storageOf), ...plan.stored]);
  const hasTournament = plan.functions.some(({ steps }) => steps.some(({ kind }) => kind === 'tournament'));
  const scratch = {
    declaration: `const s = new Float64Array(${policy.scratchSize});`,
    comment: 'the values of a window while its largest is found',
  };
  const rank = (tensor: Tensor): number => {
    const position = program.parameters.findIndex(
      (one) => one.tensor === tensor || program.gradients.get(one.tensor) === tensor,
    );
    const isGradient = tensor.role === 'gradient';
    return position < 0
      ? 0
      : isGradient
        ? 2 * program.parameters.length + position
        : position - program.parameters.length;
  };
  const arrays = [...used]
    .sort((a, b) => rank(a) - rank(b))
    .map((tensor) => ({
      declaration: `const ${arrayName(tensor)} = ${flat.get(tensor) ?? `new ${tensor.role === 'winner' || tensor.role === 'address' ? 'Int32Array' : 'Float64Array'}(${sizeOf(tensor)})`};`,
      comment: tensor.shape.join('×'),
    }));
  return hasTournament ? [...arrays, scratch] : arrays;
}

function helpersOf(plan: UnrolledPlan): string[] {
  const names = new Set<FunctionName>();
  const visit = (s: Scalar): void => {
    if (s.kind === 'call') names.add(s.name);
    for (const child of childrenOf(s)) visit(child);
  };
  for (const { value } of plan.statements) visit(value);
  return [...new Set([...names].flatMap((name) => helperOf(name) ?? []))];
}

/** The facts at the top of the file: where it comes from and what it costs. */
function header(network: ShapedNetwork, program: Program, plan: UnrolledPlan, parameterCount: number): string[] {
  const { shapes: _, ...spec } = network;
  const digest = createHash('sha256').update(JSON.stringify(spec)).digest('hex').slice(0, 16);
  const operations = (pass: 'forward' | 'backward'): string => {
    const counts = plan.statementsOf(pass).map(({ value }) => countOperations(value));
    const total = (of: (one: (typeof counts)[number]) => number): string =>
      format(counts.reduce((all, one) => all + of(one), 0));
    return `${total(({ additions }) => additions)} additions, ${total(({ multiplications }) => multiplications)} multiplications`;
  };
  const largest = Math.max(0, ...plan.functions.map(({ bytecode }) => bytecode));
  const trains = program.backward.length > 0;
  return [
    `${network.name}: ${network.input.join('×')} → ${network.layers.map(({ name }) => name).join(' → ')} → ${(network.shapes.at(-1) ?? []).join('×')}${network.loss ? `, ${network.loss}` : ''}`,
    `Generated by longhand from the spec with digest ${digest}; change the spec, not this file.`,
    '',
    `parameters  ${format(parameterCount)}`,
    `MACs        ${format(plan.macs)} (padding counted, as is usual)`,
    `forward     ${operations('forward')}`,
    ...(trains ? [`backward    ${operations('backward')}`] : []),
    `functions   ${plan.functions.length}, the largest about ${format(largest)} bytes of bytecode (V8 optimises up to ${format(policy.bytecodeLimit)})`,
    `form        unrolled: about ${format(plan.terms)} terms, up to ${format(policy.maxTerms)} are written out without asking`,
  ];
}

function format(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** `8×8×1 numbers`, `10 numbers`, `1 number`. */
function sizeText(shape: readonly number[]): string {
  return `${shape.join('×')} number${shape.every((size) => size === 1) ? '' : 's'}`;
}
