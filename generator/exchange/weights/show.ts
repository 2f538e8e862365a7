import { type Cell, printTable } from '../../check/table.ts';
import { showShape } from '../refuse.ts';
import type { Weights } from './tensors.ts';

/** A file of weights as a table: each tensor's type, shape and range. */
export function showWeights(weights: Weights): string {
  const tensors = tensorsOf(weights);
  const rows = tensors.map(({ name, type, shape, values }) => {
    const { least, most, mean, root, bad } = summarise(values);
    const note = bad === 0 ? '' : `${bad} not finite`;
    return [
      name,
      type,
      showShape(shape),
      String(values.length),
      short(least),
      short(most),
      short(mean),
      short(root),
      note,
    ];
  });
  const count = tensors.reduce((total, { values }) => total + values.length, 0);
  const head = ['', 'type', 'shape', 'numbers', 'least', 'most', 'mean', 'root mean square', ''];
  const metadata = weights.kind === 'named' ? Object.entries(weights.metadata) : [];
  return [
    ...printTable(head, rows.map(cells), (_, text) => text),
    `${count} numbers in ${tensors.length} ${tensors.length === 1 ? 'tensor' : 'tensors'}`,
    ...metadata.map(([key, value]) => `${key}: ${value.length > 100 ? `${value.length} characters` : value}`),
  ].join('\n');
}

/** The tensors of two files beside each other. */
export interface Comparison {
  readonly isEqual: boolean;
  readonly text: string;
}

/** Compares two files number by number; equal means the same names, shapes and values (0 and −0 are two values). */
export function compareWeights(a: Weights, b: Weights): Comparison {
  const [ours, theirs] = [tensorsOf(a), tensorsOf(b)];
  const names = [...new Set([...ours, ...theirs].map(({ name }) => name))];
  let isEqual = true;
  const rows = names.map((name) => {
    const [one, two] = [ours, theirs].map((all) => all.find((tensor) => tensor.name === name));
    const row = compareTensors(name, one, two);
    isEqual &&= row.isEqual;
    return row.cells;
  });
  const table = printTable(
    ['', 'shape', 'numbers', 'differ', 'largest difference', ''],
    rows.map(cells),
    (_, text) => text,
  );
  return { isEqual, text: [...table, isEqual ? 'the same numbers' : 'not the same'].join('\n') };
}

interface ShownTensor {
  readonly name: string;
  readonly type: string;
  readonly shape: readonly number[];
  readonly values: Float64Array;
}

function tensorsOf(weights: Weights): readonly ShownTensor[] {
  if (weights.kind === 'named') return [...weights.tensors].map(([name, tensor]) => ({ name, ...tensor }));
  return [{ name: 'parameters', type: weights.type, shape: [weights.values.length], values: weights.values }];
}

function compareTensors(name: string, one: ShownTensor | undefined, two: ShownTensor | undefined) {
  const row = (isEqual: boolean, ...texts: readonly string[]) => ({ isEqual, cells: [name, ...texts] });
  if (one === undefined || two === undefined) {
    const shape = showShape((one ?? two)!.shape);
    return row(false, shape, '–', '–', '–', `only in the ${one === undefined ? 'second' : 'first'} file`);
  }
  if (one.shape.join() !== two.shape.join()) {
    return row(false, showShape(one.shape), '–', '–', '–', `in the second file ${showShape(two.shape)}`);
  }
  let differ = 0;
  let largest = 0;
  for (let n = 0; n < one.values.length; n++) {
    const [x, y] = [one.values[n]!, two.values[n]!];
    if (Object.is(x, y)) continue;
    differ++;
    largest = Math.max(largest, Math.abs(x - y));
  }
  return row(differ === 0, showShape(one.shape), String(one.values.length), String(differ), short(largest), '');
}

function cells(texts: readonly string[]): readonly Cell[] {
  return texts.map((text) => ({ text }));
}

function short(value: number): string {
  return Number.isFinite(value) ? String(Number(value.toPrecision(4))) : String(value);
}

function summarise(values: Float64Array) {
  let [least, most, sum, squares, bad] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, 0, 0];
  for (const value of values) {
    if (!Number.isFinite(value)) bad++;
    least = Math.min(least, value);
    most = Math.max(most, value);
    sum += value;
    squares += value * value;
  }
  const count = values.length || Number.NaN;
  return { least, most, mean: sum / count, root: Math.sqrt(squares / count), bad };
}
