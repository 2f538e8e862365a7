import { type AnyModule, load } from '../execution/load.ts';
import { loadWasm, type WasmFile } from '../wasm/loadWasm.ts';

/** A form that longhand writes, and how exact its numbers are. */
export interface TestedForm {
  readonly form: 'unrolled' | 'fast' | 'wasm';
  /** Half the distance from 1 to the next number. */
  readonly rounding: number;
  /** A number as the form stores it. */
  store(value: number): number;
  /** The module of a spec, with the gradient of the input. */
  load(spec: unknown): Promise<AnyModule | WasmFile>;
}

const float64 = { rounding: 2 ** -53, store: (value: number): number => value };

/** Every form: what a network gives must be right in each. */
export const everyForm: readonly TestedForm[] = [
  { ...float64, form: 'unrolled', load: (spec) => load(spec, { form: 'unrolled', inputGradient: true }) },
  { ...float64, form: 'fast', load: (spec) => load(spec, { form: 'fast', inputGradient: true }) },
  { rounding: 2 ** -24, store: Math.fround, form: 'wasm', load: (spec) => loadWasm(spec) },
];
