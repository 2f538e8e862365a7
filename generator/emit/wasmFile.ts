import { givenOf, meansOf, type Program } from '../equations/equation.ts';
import { sizeOf, storageOf, type Tensor } from '../equations/tensor.ts';
import type { PackedWeights } from '../exchange/weights/pack.ts';
import { arrayName } from '../print/typescript/text.ts';
import { pagesOf } from '../print/wat/watModule.ts';
import { macsOf } from '../schedule/cost.ts';
import type { PlacedPlan } from '../schedule/loops/memory.ts';
import type { ShapedNetwork } from '../spec/network.ts';
import { type FacadeView, type TrainingFacade, viewFacade, viewTraining } from './facade.ts';
import { format } from './format.ts';
import { template } from './templates.ts';
import { type Assembler, assembleNetwork } from './wasm.ts';

const render = template<WasmView>('wasm');

interface WasmView extends FacadeView {
  readonly training: TrainingFacade | false;
  /** Whether there are arrays of places: in this form they stay inside. */
  readonly hasIntegers: false;
  /** Arrays that are views of the module's memory. */
  readonly views: readonly MemoryView[];
  /** Samples that one call takes at most. */
  readonly batch: number;
  readonly kilobytes: number;
  readonly memoryBytes: number;
  readonly code: string;
  readonly size: string;
  readonly relaxedCode: string | false;
  readonly relaxedSize: string;
}

interface MemoryView {
  readonly name: string;
  /** In bytes. */
  readonly offset: number;
  readonly length: number;
}

/** The text of a module whose functions are WebAssembly. */
export function printWasmFile(
  network: ShapedNetwork,
  program: Program,
  plan: PlacedPlan,
  isDeterministic: boolean,
  weights?: PackedWeights,
  assembler?: Assembler,
): string {
  const module = assembleNetwork(network, program, plan, isDeterministic, assembler);
  const { bytes, relaxedBytes, memory } = module;
  const relaxed = relaxedBytes === undefined ? [] : [`, ${format(relaxedBytes.length)} with relaxed multiply-adds`];
  const facts = [
    `code        ${format(bytes.length)} bytes of WebAssembly${relaxed.join('')}; memory ${format(memory.bytes)} bytes`,
    'form        wasm: float32, four numbers at once',
  ];
  return render({
    ...viewFacade(network, program, 'Float32Array', macsOf(program), facts, weights),
    training: viewTraining(network, program) ?? false,
    hasIntegers: false,
    views: viewsOf(program, plan),
    batch: memory.batch,
    kilobytes: pagesOf(memory) * 64,
    memoryBytes: pagesOf(memory) * 65_536,
    code: base64(bytes),
    size: format(bytes.length),
    relaxedCode: relaxedBytes === undefined ? false : base64(relaxedBytes),
    relaxedSize: format(relaxedBytes?.length ?? 0),
  });
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}

function viewsOf(program: Program, plan: PlacedPlan): MemoryView[] {
  const { memory } = plan;
  const view = (name: string, tensor: Tensor): MemoryView => ({
    name,
    offset: memory.offsets.get(tensor) as number,
    length: sizeOf(tensor),
  });
  const { output, loss, inputGradient, step } = program;
  const given = givenOf(program);
  const shared = [view('parameters', step.parameters), view('input', plan.input), view('output', output)];
  if (given === undefined) return shared;
  return [
    ...shared,
    view('gradients', step.gradients),
    ...step.state.map((tensor) => view(arrayName(tensor), tensor)),
    view('given', given),
    ...(loss ? [view('lossValue', loss)] : []),
    ...(inputGradient ? [view('inputGradient', inputGradient)] : []),
    ...program.masks.map(({ tensor }) => view(arrayName(tensor), tensor)),
    ...[...new Set([...program.statistics.map(({ x }) => storageOf(x)), ...meansOf(program)])].map((tensor) =>
      view(arrayName(tensor), tensor),
    ),
    ...[...memory.batchMasks].map(([tensor, offset]) => ({
      name: `batch_${arrayName(tensor)}`,
      offset,
      length: memory.batch * sizeOf(tensor),
    })),
    { name: 'batchInputs', offset: memory.batchInputs, length: memory.batch * sizeOf(program.input) },
    { name: 'batchOutputs', offset: memory.batchOutputs, length: memory.batch * sizeOf(output) },
    { name: 'batchGiven', offset: memory.batchTargets, length: memory.batch * sizeOf(output) },
  ];
}
