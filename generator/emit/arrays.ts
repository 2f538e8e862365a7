import { meansOf, type Program } from '../equations/equation.ts';
import { sizeOf, storageOf, type Tensor } from '../equations/tensor.ts';
import { arrayName } from '../print/typescript/text.ts';
import { policy } from '../schedule/policy.ts';
import type { FormView } from './form.ts';

/** A line that declares an array, and what to say beside it. */
export interface ArrayView {
  readonly declaration: string;
  readonly comment: string;
}

/** Every array of a model: parameters, buffers, gradients; parameters and gradients are views of the flat ones. */
export function declareArrays(program: Program, form: FormView, offsets: readonly number[]): ArrayView[] {
  const flat = flatViews(program, offsets);
  const { input, output, target, loss, outputGradient, inputGradient } = program;
  const given = [...program.masks.map(({ tensor }) => tensor), ...meansOf(program)];
  const ends = [input, output, target, loss, outputGradient, inputGradient, ...given];
  const always = ends.filter((tensor) => tensor !== undefined);
  const used = new Set([...always.map(storageOf), ...form.arrays.keys()]);
  const declared = inOrder(program, [...used]).map((tensor) => {
    const type = isInteger(tensor) ? 'Int32Array' : 'Float64Array';
    const length = form.arrays.get(tensor) ?? sizeOf(tensor);
    const value = flat.get(tensor) ?? `new ${type}(${length})${tensor.role === 'mask' ? '.fill(1)' : ''}`;
    return {
      declaration: declare(`${arrayName(tensor)}${form.arraySuffix}`, arrayTypes[type], value),
      comment: `${tensor.shape.join('×')}${length === sizeOf(tensor) ? '' : ', with a border'}`,
    };
  });
  const scratch = {
    declaration: declare(`s${form.arraySuffix}`, 'Numbers', `new Float64Array(${policy.scratchSize})`),
    comment: 'the values of a window while its largest is found',
  };
  return form.hasScratch ? [...declared, scratch] : declared;
}

/** What an optimiser keeps from step to step. */
export function declareState(tensor: Tensor): ArrayView {
  return {
    declaration: declare(arrayName(tensor), 'Numbers', `new Float64Array(${sizeOf(tensor)})`),
    comment: 'kept between steps',
  };
}

/** The types under which a module reads its arrays: with those of the language, some compilers ask for a check of every index. */
const arrayTypes = { Float64Array: 'Numbers', Int32Array: 'Integers' } as const;

function declare(name: string, type: 'Numbers' | 'Integers', value: string): string {
  return `const ${name}: ${type} = ${value};`;
}

/** Whether a form has arrays of places. */
export function hasIntegers({ arrays }: FormView): boolean {
  return [...arrays.keys()].some(isInteger);
}

function isInteger({ role }: Tensor): boolean {
  return role === 'winner' || role === 'address';
}

function flatViews(program: Program, offsets: readonly number[]): ReadonlyMap<Tensor, string> {
  const flat = new Map<Tensor, string>();
  for (const [position, { tensor }] of program.parameters.entries()) {
    const start = offsets[position] as number;
    const range = `${start}, ${start + sizeOf(tensor)}`;
    flat.set(tensor, `parameters.subarray(${range})`);
    const gradient = program.gradients.get(tensor);
    if (gradient) flat.set(gradient, `gradients.subarray(${range})`);
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
