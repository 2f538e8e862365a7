import { assemble } from '../../../generator/assembler/assemble.ts';
import { printWasmFile } from '../../../generator/emit/wasmFile.ts';
import { type GenerateOptions, stages } from '../../../generator/pipeline.ts';
import { type Proof, type ProveOptions, proveText } from '../../../generator/prove/index.ts';
import { type MemoryMap, mapMemory } from '../../../generator/prove/wasm/memoryMap.ts';
import type { ShapedNetwork } from '../../../generator/spec/network.ts';

export interface WasmSubject {
  readonly text: string;
  readonly network: ShapedNetwork;
  readonly map: MemoryMap;
}

/**
 * A spec's module in WebAssembly, assembled in this process.
 *
 * @param change what is done to the text of the code before it is assembled
 * @param isDeterministic whether it has the plain code alone
 */
export function wasmOf(
  spec: unknown,
  {
    change = (wat) => wat,
    isDeterministic = false,
  }: { change?: (wat: string) => string; isDeterministic?: boolean } = {},
): WasmSubject {
  const options: GenerateOptions = { form: 'wasm', inputGradient: true };
  const network = stages.shape(stages.parse(spec));
  const program = stages.equations(network, options);
  const planned = stages.plan(program, options);
  if (planned.form !== 'wasm') throw new Error('expected the plan of WebAssembly');
  const assembler = (wat: string) => assemble(change(wat));
  const text = printWasmFile(network, program, planned.plan, isDeterministic, undefined, assembler);
  return { text, network, map: mapMemory(network, program, planned.plan) };
}

/** @param isDeterministic whether the module has the plain code alone: half the work */
export function proveWasm(spec: unknown, options: ProveOptions = {}, isDeterministic = false): Proof {
  const { text, network, map } = wasmOf(spec, { isDeterministic });
  return proveText(text, network, { ...options, map });
}
