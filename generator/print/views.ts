import { plainIndex } from '../equations/affine.ts';
import type { Program, View } from '../equations/equation.ts';
import { storageOf, type Tensor } from '../equations/tensor.ts';

/** `Nothing is computed: a2[n] is a2[i,j] with n = 2i + j. Backward da2[i,j] is da2[n].` */
export function describeView({ from, to }: View, program: Program): string {
  const isSame = from.shape.join() === to.shape.join();
  if (isSame) return `Nothing is computed: its output is ${from.name} itself.`;
  const taken = new Set<string>();
  const [source, target] = [placeOf(from, program, taken), placeOf(to, program, taken)];
  if (source.text === target.text) return `Nothing is computed: its one number is ${source.text} itself.`;
  const equal = `${target.sum} = ${source.sum}`;
  return `Nothing is computed: ${target.text} is ${source.text} with ${equal}. Backward d${source.text} is d${target.text}.`;
}

/** The same for one channel and for many images; nothing where there is one channel or no image. */
export function describeRanks({ from, to }: View, program: Program): string | undefined {
  const [, width = 1, channels = 1] = from.shape;
  if (from.shape.length !== 3 || channels === 1 || to.shape.length !== 1) return undefined;
  const [row = 'h', column = 'w'] = axesOf(from, program);
  const one = width === 1 ? row : `${width}${row} + ${column}`;
  const [whole, target] = [placeOf(from, program, new Set()).text, placeOf(to, program, new Set()).text];
  const many = (text: string): string => text.replace('[', '[s,');
  return `H×W: n = ${one}. N images, s counts them: ${many(target)} is ${many(whole)}, each image by itself. Its g is 1; backward unflattens.`;
}

/** `a2[i,j]` and the row-major number of that place, `2i + j`. */
function placeOf(
  tensor: Tensor,
  program: Program,
  taken: Set<string>,
): { readonly text: string; readonly sum: string } {
  const letters = axesOf(tensor, program);
  const long = tensor.shape.flatMap((size, axis) => {
    if (size === 1) return [];
    let letter = letters[axis] ?? `n${axis}`;
    while (taken.has(letter)) letter += '′';
    taken.add(letter);
    const step = tensor.shape.slice(axis + 1).reduce((all, next) => all * next, 1);
    return [{ letter, step }];
  });
  const isMarked = tensor.viewOf !== undefined && long.length > 1;
  const mark = isMarked ? `‹${tensor.shape.join('×')}›` : '';
  const sum = long.map(({ letter, step }) => (step === 1 ? letter : `${step}${letter}`)).join(' + ');
  const at = long.length === 0 ? '' : `${mark}[${long.map(({ letter }) => letter).join(',')}]`;
  return { text: `${tensor.name}${at}`, sum: sum === '' ? '0' : sum };
}

/** The letters of a tensor's axes: as in the equation that defines it. */
function axesOf(tensor: Tensor, { forward }: Program): readonly string[] {
  const definition =
    tensor.viewOf === undefined ? forward.find(({ target }) => storageOf(target) === tensor) : undefined;
  const defaults = tensor.shape.length === 1 ? ['n'] : ['h', 'w', 'c'];
  return tensor.shape.map((_, axis) => {
    const coordinate = definition?.at[axis];
    const index = coordinate && plainIndex(coordinate);
    return index?.name ?? defaults[axis] ?? `n${axis}`;
  });
}
