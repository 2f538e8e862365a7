import { Command, Option } from 'commander';
import { type TargetFile, writeFiles } from '../emit/write.ts';
import type { ShapedNetwork } from '../spec/network.ts';
import { readBytes, readNetwork, reportingProblems, within } from './files.ts';

interface Flags {
  readonly to: keyof typeof writers;
  readonly weights?: string;
  readonly out: string;
  readonly layout: 'nhwc' | 'nchw';
}

type Write = (network: ShapedNetwork, weights: Float64Array, flags: Flags) => Promise<readonly TargetFile[]>;

/** Every format, by the name that `--to` has for it. */
const writers = {
  onnx: async (network, weights, { layout }) => {
    const { exportOnnx } = await import('../exchange/onnx/export/exportOnnx.ts');
    return [{ path: `${network.name}.onnx`, content: exportOnnx(network, weights, { layout }) }];
  },
  pytorch: async (network, weights) => {
    const { exportPytorch } = await import('../exchange/pytorch/exportPytorch.ts');
    return [...exportPytorch(network), await safetensorsOf(network, weights)];
  },
  keras: async (network, weights) => {
    const { exportKeras } = await import('../exchange/keras/export/exportKeras.ts');
    return [...exportKeras(network, weights), await safetensorsOf(network, weights)];
  },
  safetensors: async (network, weights) => [await safetensorsOf(network, weights)],
} satisfies Readonly<Record<string, Write>>;

/** `longhand export SPEC --to FORMAT`: a spec and its weights for other tools. */
export function exportCommand(): Command {
  return new Command('export')
    .description('write a spec and its weights for other tools')
    .argument('<SPEC>', 'a *.net.json or *.net.ts file')
    .addOption(new Option('--to <FORMAT>', 'what to write').choices(Object.keys(writers)).makeOptionMandatory())
    .option('--weights <FILE>', 'the weights: .safetensors, .npz, .f32, .f64 or .json; default: those of initialize(1)')
    .addOption(new Option('--layout <LAYOUT>', 'onnx: the order of axes').choices(['nhwc', 'nchw']).default('nhwc'))
    .option('--out <DIR>', 'the folder to write to', '.')
    .showHelpAfterError('(longhand export --help lists the options)')
    .action((spec: string, flags: Flags) => reportingProblems(() => runExport(spec, flags)));
}

async function runExport(spec: string, flags: Flags): Promise<void> {
  const network = await within(spec, () => readNetwork(spec));
  const weights = await weightsOf(spec, network, flags.weights);
  const files = await within(spec, () => writers[flags.to](network, weights, flags));
  const written = writeFiles(flags.out, files);
  for (const path of written) console.log(`wrote ${path}`);
  if (written.length === 0) console.log(`unchanged: ${files.length} ${files.length === 1 ? 'file' : 'files'}`);
}

/** The weights of a file, or those that the generated module begins with. */
async function weightsOf(spec: string, network: ShapedNetwork, file: string | undefined): Promise<Float64Array> {
  if (file === undefined) {
    const { initialWeights } = await import('../exchange/weights/initialWeights.ts');
    return within(spec, () => initialWeights(network));
  }
  const { readWeights } = await import('../exchange/weights/files.ts');
  const { fitWeights } = await import('../exchange/weights/fit.ts');
  const { slotsOf } = await import('../exchange/weights/slots.ts');
  return within(file, () => fitWeights(slotsOf(network), readWeights(file, readBytes(file))));
}

async function safetensorsOf(network: ShapedNetwork, weights: Float64Array): Promise<TargetFile> {
  const { writeSafetensors } = await import('../exchange/weights/safetensors.ts');
  const { splitWeights } = await import('../exchange/weights/fit.ts');
  const { slotsOf } = await import('../exchange/weights/slots.ts');
  const { digestOf } = await import('../spec/digest.ts');
  const metadata = { 'longhand.spec': digestOf(network) };
  const content = writeSafetensors(splitWeights(slotsOf(network), weights), 'F32', metadata);
  return { path: `${network.name}.safetensors`, content };
}
