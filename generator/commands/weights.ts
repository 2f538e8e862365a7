import { basename, dirname } from 'node:path';
import { Command } from 'commander';
import { writeFiles } from '../emit/write.ts';
import { digestOf } from '../spec/digest.ts';
import { readBytes, readNetwork, reportingProblems, within } from './files.ts';

const rawHelp = '.f32 or .f64 (little-endian, in the order of network.parameters), .json, .npz or .safetensors';

/** `longhand weights pack|unpack|show|compare`: files of weights, one made from another, or looked at. */
export function weightsCommand(): Command {
  return new Command('weights')
    .description('pack, unpack, show and compare files of weights')
    .addCommand(
      new Command('pack')
        .description('write the weights of a spec as .safetensors, with the names and shapes of its parameters')
        .argument('<SPEC>', 'a *.net.json or *.net.ts file')
        .argument('<RAW>', rawHelp)
        .argument('<OUT>', 'the file to write: .safetensors')
        .action((spec, raw, out) => reportingProblems(() => convert(spec, raw, out))),
    )
    .addCommand(
      new Command('unpack')
        .description('write the weights of a spec out of .safetensors as raw numbers')
        .argument('<SPEC>', 'a *.net.json or *.net.ts file')
        .argument('<FILE>', 'a .safetensors file')
        .argument('<RAW>', `the file to write: ${rawHelp}`)
        .action((spec, file, raw) => reportingProblems(() => convert(spec, file, raw))),
    )
    .addCommand(
      new Command('show')
        .description('print the tensors of a file: types, shapes, ranges')
        .argument('<FILE>', rawHelp)
        .action((file) => reportingProblems(() => show(file))),
    )
    .addCommand(
      new Command('compare')
        .description('compare two files number by number; exit 1 where they differ')
        .argument('<A>', rawHelp)
        .argument('<B>', rawHelp)
        .action((a, b) => reportingProblems(() => compare(a, b))),
    );
}

/** Reads weights, checks that they are those of the spec, and writes them in the format that the ending asks for. */
async function convert(specFile: string, from: string, to: string): Promise<void> {
  const { readWeights, writeWeights } = await import('../exchange/weights/files.ts');
  const { fitWeights, splitWeights } = await import('../exchange/weights/fit.ts');
  const { slotsOf } = await import('../exchange/weights/slots.ts');
  const { network, slots } = await within(specFile, async () => {
    const network = await readNetwork(specFile);
    return { network, slots: slotsOf(network) };
  });
  const { flat, metadata, precision } = await within(from, () => {
    const weights = readWeights(from, readBytes(from));
    const types = weights.kind === 'flat' ? [weights.type] : [...weights.tensors.values()].map(({ type }) => type);
    // A tensor of each type that is smaller than float64 is exact in float32, but for large integers.
    const precision = types.every((type) => /^(?:B?F(?:16|32)|[IU](?:8|16)|BOOL)$/.test(type)) ? 'F32' : 'F64';
    const metadata = weights.kind === 'named' ? weights.metadata : {};
    return { flat: fitWeights(slots, weights), metadata, precision } as const;
  });
  const digest = { 'longhand.spec': digestOf(network) };
  const content = await within(to, () =>
    writeWeights(to, splitWeights(slots, flat), precision, { ...metadata, ...digest }),
  );
  const written = writeFiles(dirname(to), [{ path: basename(to), content }]);
  console.log(written.length > 0 ? `wrote ${to}` : 'unchanged: 1 file');
}

async function show(file: string): Promise<void> {
  const { readWeights } = await import('../exchange/weights/files.ts');
  const { showWeights } = await import('../exchange/weights/show.ts');
  console.log(showWeights(await within(file, () => readWeights(file, readBytes(file)))));
}

async function compare(a: string, b: string): Promise<void> {
  const { readWeights } = await import('../exchange/weights/files.ts');
  const { compareWeights } = await import('../exchange/weights/show.ts');
  const one = await within(a, () => readWeights(a, readBytes(a)));
  const two = await within(b, () => readWeights(b, readBytes(b)));
  const { isEqual, text } = compareWeights(one, two);
  console.log(text);
  if (!isEqual) process.exitCode = 1;
}
