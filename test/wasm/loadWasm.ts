import { assembleNetwork, type WasmModule } from '../../generator/emit/wasm.ts';
import { printWasmFile } from '../../generator/emit/wasmFile.ts';
import type { Program } from '../../generator/equations/equation.ts';
import { stages } from '../../generator/pipeline.ts';
import type { PlacedPlan } from '../../generator/schedule/loops/memory.ts';
import type { ShapedNetwork } from '../../generator/spec/network.ts';
import { type AnyModule, loadText } from '../execution/load.ts';

/** The interface of a generated wasm trainer, as a test uses it whatever the network. */
export interface WasmModel {
  readonly parameters: Float32Array;
  readonly output: Float32Array;
  readonly gradients: Float32Array;
  readonly inputGradient: Float32Array;
  forward(input: ArrayLike<number>): Float32Array;
  forwardBatch(inputs: ArrayLike<number>, count: number, outputs?: Float32Array): Float32Array;
  loss?(target: ArrayLike<number>): number;
  backward(given: ArrayLike<number>): number;
  backwardBatch(inputs: ArrayLike<number>, givens: ArrayLike<number>, count: number): number;
  trainBatch(inputs: ArrayLike<number>, givens: ArrayLike<number>, count: number, rate: number): number;
  step(rate: number): void;
  initialize(seed: number): void;
}

export interface WasmFile {
  readonly network: AnyModule['network'];
  createModel(parameters?: ArrayLike<number>): WasmModel;
}

export interface WasmOptions {
  readonly inference?: boolean;
  readonly inputGradient?: boolean;
  /** Without relaxed multiply-adds; true where absent, so that every engine gives the same numbers. */
  readonly deterministic?: boolean;
}

export interface Planned {
  readonly network: ShapedNetwork;
  readonly program: Program;
  readonly plan: PlacedPlan;
}

/** A spec up to the loops of the wasm form. */
export function planWasm(spec: unknown, { inference = false, inputGradient = true }: WasmOptions = {}): Planned {
  const network = stages.shape(stages.parse(spec));
  const options = { form: 'wasm', inference, inputGradient } as const;
  const program = stages.equations(network, options);
  return { network, program, plan: stages.plan(program, options).plan as PlacedPlan };
}

/** The text of the file that `longhand generate --form wasm` writes, assembled in this process. */
export function wasmText(spec: unknown, options: WasmOptions = {}): string {
  const { network, program, plan } = planWasm(spec, options);
  return printWasmFile(network, program, plan, options.deterministic ?? true);
}

/** The bytes and the memory of a spec's module, without the file around it. */
export function assembleSpec(spec: unknown, options: WasmOptions = {}): WasmModule {
  const { network, program, plan } = planWasm(spec, options);
  return assembleNetwork(network, program, plan, options.deterministic ?? true);
}

/** Generates the wasm module of a spec and loads it. */
export async function loadWasm(spec: unknown, options: WasmOptions = {}): Promise<WasmFile> {
  return (await loadText(wasmText(spec, options))) as unknown as WasmFile;
}
