import { meansOf, type Program } from '../equations/equation.ts';
import { placeParameters } from '../equations/parameters.ts';
import { sizeOf, storageOf, type Tensor } from '../equations/tensor.ts';
import { arrayName } from '../print/typescript/text.ts';
import { policy } from '../schedule/policy.ts';
import type { FormView } from './form.ts';

/** An array that a model declares, and what to say beside it. */
export interface ArrayView {
  readonly name: string;
  /** The type under which the module reads it: with those of the language, some compilers ask for a check of every index. */
  readonly type: 'Numbers' | 'Integers';
  /** What it is a part of; else it has a length of its own. */
  readonly part: PartView | false;
  readonly array: 'Float64Array' | 'Int32Array';
  readonly length: number;
  /** Whether it begins as all 1s instead of 0s. */
  readonly isOnes: boolean;
  readonly comment: string;
}

interface PartView {
  readonly of: 'parameters' | 'gradients';
  readonly start: number;
  readonly end: number;
}

/** Every array of a model: parameters, buffers, gradients; parameters and gradients are views of the flat ones. */
export function declareArrays(program: Program, form: FormView): ArrayView[] {
  const flat = flatViews(program);
  const { input, output, target, loss, outputGradient, inputGradient } = program;
  const given = [...program.masks.map(({ tensor }) => tensor), ...meansOf(program)];
  const ends = [input, output, target, loss, outputGradient, inputGradient, ...given];
  const always = ends.filter((tensor) => tensor !== undefined);
  const used = new Set([...always.map(storageOf), ...form.arrays.keys()]);
  const declared = inOrder(program, [...used]).map((tensor): ArrayView => {
    const length = form.arrays.get(tensor) ?? sizeOf(tensor);
    return {
      ...numbers(`${arrayName(tensor)}${form.arraySuffix}`, length),
      ...(isInteger(tensor) && { type: 'Integers', array: 'Int32Array' }),
      part: flat.get(tensor) ?? false,
      isOnes: tensor.role === 'mask',
      comment: `${tensor.shape.join('×')}${length === sizeOf(tensor) ? '' : ', with a border'}`,
    };
  });
  const scratch = {
    ...numbers(`s${form.arraySuffix}`, policy.scratchSize),
    comment: 'the values of a window while its largest is found',
  };
  return form.hasScratch ? [...declared, scratch] : declared;
}

/** What an optimiser keeps from step to step. */
export function declareState(tensor: Tensor): ArrayView {
  return { ...numbers(arrayName(tensor), sizeOf(tensor)), comment: 'kept between steps' };
}

function numbers(name: string, length: number): Omit<ArrayView, 'comment'> {
  return { name, type: 'Numbers', part: false, array: 'Float64Array', length, isOnes: false };
}

/** Whether a form has arrays of places. */
export function hasIntegers({ arrays }: FormView): boolean {
  return [...arrays.keys()].some(isInteger);
}

function isInteger({ role }: Tensor): boolean {
  return role === 'winner' || role === 'address';
}

function flatViews(program: Program): ReadonlyMap<Tensor, PartView> {
  const flat = new Map<Tensor, PartView>();
  for (const { tensor, offset: start } of placeParameters(program.parameters)) {
    const end = start + sizeOf(tensor);
    flat.set(tensor, { of: 'parameters', start, end });
    const gradient = program.gradients.get(tensor);
    if (gradient) flat.set(gradient, { of: 'gradients', start, end });
  }
  return flat;
}

/** Parameters, then buffers as they come, then the parameters' gradients. */
function inOrder({ parameters, gradients }: Program, tensors: readonly Tensor[]): readonly Tensor[] {
  const rank = new Map<Tensor, number>();
  for (const [position, { tensor }] of parameters.entries()) {
    rank.set(tensor, position - parameters.length);
    const gradient = gradients.get(tensor);
    if (gradient) rank.set(gradient, position + 1);
  }
  return [...tensors].sort((a, b) => (rank.get(a) ?? 0) - (rank.get(b) ?? 0));
}
