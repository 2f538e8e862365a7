import { readFileSync, realpathSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, sep } from 'node:path';
import { Command } from 'commander';
import { type TargetFile, WriteError, writeFiles } from '../emit/write.ts';
import type { Imported, ImportedGraph, ImportOptions } from '../exchange/imported.ts';
import { refuse } from '../exchange/refuse.ts';
import { networkNameSchema } from '../spec/schema.ts';
import { readBytes, reportingProblems, within } from './files.ts';

interface Flags {
  readonly name?: string;
  readonly out: string;
  readonly loss?: string;
  readonly fold?: true;
  readonly check?: true;
  readonly force?: true;
}

/** `longhand import MODEL`: a model of another tool as a spec and its weights. */
export function importCommand(): Command {
  return new Command('import')
    .description('write DIR/NAME.net.json and DIR/NAME.safetensors from .onnx, .keras, .h5 or model.json')
    .argument('<MODEL>', 'an .onnx, .keras or .h5 file, or the model.json of TensorFlow.js')
    .option('--name <NAME>', 'the name of the network; default: that of the file')
    .option('--out <DIR>', 'the folder to write to', '.')
    .option('--loss <LOSS>', 'a loss for the spec, so that the model can be trained on')
    .option('--fold', 'make batch normalisation part of the layer before it')
    .option('--check', 'run onnxruntime-node beside the generated code on random inputs; .onnx only')
    .option('--force', 'overwrite a spec that is there and says something else')
    .showHelpAfterError('(longhand import --help lists the options)')
    .action((model: string, flags: Flags) => reportingProblems(() => runImport(model, flags)));
}

async function runImport(model: string, flags: Flags): Promise<void> {
  const { name, loss, fold } = flags;
  const options = {
    name: await within(model, () => name ?? nameFrom(model)),
    ...(loss === undefined ? {} : { loss }),
    ...(fold === undefined ? {} : { fold }),
  };
  const imported = await within(model, () => readModel(model, options));
  const files = await filesOf(model, imported);
  if (flags.check) {
    const { checkAgainstOnnxRuntime } = await import('../exchange/onnx/checkImport.ts');
    const graph = await within(model, () => graphOf(imported));
    const { passed, text } = await within(model, () => checkAgainstOnnxRuntime(readBytes(model), graph));
    console.log(text);
    if (!passed) process.exitCode = 1;
  }
  if (flags.force === undefined) refuseOthers(flags.out, files);
  const written = writeFiles(flags.out, files);
  for (const path of written) console.log(`wrote ${path}`);
  if (written.length === 0) console.log(`unchanged: ${files.length} files`);
}

async function filesOf(model: string, { spec, weights }: Imported): Promise<readonly TargetFile[]> {
  const { writeSafetensors } = await import('../exchange/weights/safetensors.ts');
  const { printSpec } = await import('../exchange/printSpec.ts');
  const { digestOf } = await import('../spec/digest.ts');
  const { stages } = await import('../pipeline.ts');
  const name = String(spec.name);
  const metadata = { 'longhand.from': basename(model), 'longhand.spec': digestOf(stages.shape(stages.parse(spec))) };
  // Nothing is lost: what float32 cannot hold, as weights of a model in float64, stays float64.
  const isExact = weights.every(({ values }) => Array.from(values).every((value) => Math.fround(value) === value));
  return [
    { path: `${name}.net.json`, content: printSpec(spec) },
    { path: `${name}.safetensors`, content: writeSafetensors(weights, isExact ? 'F32' : 'F64', metadata) },
  ];
}

function graphOf(imported: Imported | ImportedGraph): ImportedGraph {
  return 'outputs' in imported ? imported : refuse('--check', 'a model of Keras', 'an .onnx file');
}

/** What somebody may have changed by hand is not written over. */
function refuseOthers(folder: string, files: readonly TargetFile[]): void {
  for (const { path, content } of files) {
    let there: Buffer;
    try {
      there = readFileSync(join(folder, path));
    } catch {
      continue;
    }
    if (there.equals(Buffer.from(content as Uint8Array))) continue;
    throw new WriteError(
      `${join(folder, path)}: found a file with other content; expected none, another --name, or --force`,
    );
  }
}

/** `my model.v2.onnx` → `my-model-v2`: what a spec may be called. */
function nameFrom(model: string): string {
  const stem = basename(model).replace(/\.(?:onnx|keras|h5|hdf5|json)$/i, '');
  const name = stem
    .replace(/[^A-Za-z0-9_-]+/g, '-')
    .replace(/^[^A-Za-z]+|-+$/g, '')
    .slice(0, 64);
  const isName = networkNameSchema.safeParse(name).success;
  return isName ? name : refuse('', `a file name that gives no name for the network`, '--name NAME');
}

async function readModel(model: string, options: ImportOptions): Promise<Imported | ImportedGraph> {
  const ending = /\.([^./\\]*)$/.exec(model)?.[1]?.toLowerCase() ?? '';
  if (ending === 'onnx') {
    const { importOnnx } = await import('../exchange/onnx/importOnnx.ts');
    return importOnnx(readBytes(model), options, (location) => readBeside(model, location));
  }
  if (['keras', 'h5', 'hdf5', 'json'].includes(ending)) return readKerasModel(model, ending, options);
  if (/^(?:pt|pth|pkl|ckpt)$/.test(ending)) {
    return refuse('', 'a pickle, which can run code of whoever wrote it', exportLine);
  }
  const found = ending === '' ? 'a file name without an ending' : `a .${ending.slice(0, 20)} file`;
  return refuse('', found, '.onnx, .keras, .h5, or the model.json of TensorFlow.js');
}

async function readKerasModel(model: string, ending: string, options: ImportOptions): Promise<Imported> {
  const { importKeras } = await import('../exchange/keras/importKeras.ts');
  const { readH5, readKeras } = await import('../exchange/keras/readH5.ts');
  const { readTfjs } = await import('../exchange/tfjs/readTfjs.ts');
  const bytes = readBytes(model);
  if (ending === 'json')
    return importKeras(
      readTfjs(bytes, (path) => readBeside(model, path)),
      options,
    );
  return importKeras(ending === 'keras' ? readKeras(bytes) : readH5(bytes), options);
}

const exportLine =
  'an .onnx file; in Python: torch.onnx.export(model.eval(), torch.zeros(1, C, H, W), "model.onnx", opset_version=17)';

/** A file beside the model, in its folder or below: links that lead out of it are not followed. */
function readBeside(model: string, location: string): Uint8Array {
  const folder = realpathSync(dirname(model));
  const isInside = (path: string) => path !== '' && !isAbsolute(path) && path.split(sep)[0] !== '..';
  const outside = () =>
    refuse(`'${location.slice(0, 80)}'`, 'a file outside of the folder of the model', 'a file inside it');
  if (!isInside(relative(folder, join(folder, location)))) return outside();
  const bytes = readBytes(join(folder, location));
  return isInside(relative(folder, realpathSync(join(folder, location)))) ? bytes : outside();
}
