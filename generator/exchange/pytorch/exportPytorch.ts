import { readFileSync } from 'node:fs';
import { packageFile } from '../../packageFile.ts';
import { digestOf } from '../../spec/digest.ts';
import type { Layer, ShapedNetwork } from '../../spec/network.ts';
import { refuseNamedEnds } from '../refuse.ts';
import { slotsOf } from '../weights/slots.ts';
import { torchActivations } from './activations.ts';
import { lossLines } from './losses.ts';
import { pythonNames } from './names.ts';
import { torchOptimizer } from './optimizers.ts';
import { plainWriters } from './plain.ts';
import { windowWriters } from './windows.ts';
import { type Facts, type Helper, type TorchLayer, toFirst, toLast, tuple } from './writer.ts';

const torchLayers = { ...windowWriters, ...plainWriters };

interface Written {
  /** The layer's name in Python. */
  readonly name: string;
  readonly layer: Layer;
  readonly torch: TorchLayer;
}

/** A network as `model.py`, and `train.py` where it has a loss. */
export function exportPytorch(network: ShapedNetwork): readonly { readonly path: string; readonly content: string }[] {
  refuseNamedEnds(network, 'a PyTorch module');
  const written = writeLayers(network);
  const loss = lossLines(network);
  const model = fill('model.py', {
    NAME: network.name,
    HELPERS: helpersOf(written),
    MODULES: written.flatMap(moduleLine).join('\n') || '        pass',
    STEPS: stepsOf(network, written).join('\n'),
    RESULT: toLast(`v_${written.at(-1)!.name}`, network.shapes.at(-1)!.length),
    TABLE: tableLines(network, written).join('\n'),
    DIGEST: digestOf(network),
    LOSS: loss === undefined ? '' : lossText(loss),
  });
  const train = {
    path: 'train.py',
    content: fill('train.py', { NAME: network.name, OPTIMIZER: torchOptimizer(network.optimizer) }),
  };
  return [{ path: 'model.py', content: model }, ...(loss === undefined ? [] : [train])];
}

function writeLayers(network: ShapedNetwork): readonly Written[] {
  const shapes = new Map([
    ['input', network.input],
    ...network.layers.map(({ name }, n) => [name, network.shapes[n]!] as const),
  ]);
  const names = pythonNames(network.layers.map(({ name }) => name));
  return network.layers.map((layer, n) => {
    // A layer that is used again is the module of the first.
    const module = `self.${names.get(layer.weightsOf ?? layer.name)}`;
    const facts = { module, inputs: layer.inputs.map((name) => shapes.get(name)!), output: network.shapes[n]! };
    // The options belong to the type that they stand beside.
    const writer = torchLayers[layer.type] as (options: Layer['options'], of: Facts) => TorchLayer;
    return { name: names.get(layer.name)!, layer, torch: writer(layer.options, facts) };
  });
}

function moduleLine({ name, layer, torch }: Written): readonly string[] {
  if (torch.module === undefined || layer.weightsOf !== undefined) return [];
  const fixed = layer.trainable === false ? '.requires_grad_(False)' : '';
  return [`        self.${name} = ${torch.module}${fixed}`];
}

function stepsOf({ input }: ShapedNetwork, written: readonly Written[]): readonly string[] {
  const names = new Map(written.map(({ name, layer }) => [layer.name, name]));
  const steps = written.map(({ name, layer, torch }) => {
    const inputs = layer.inputs.map((one) => (one === 'input' ? 'x' : `v_${names.get(one)}`));
    return `        v_${name} = ${activated(layer, torch.call(inputs[0]!, inputs))}`;
  });
  return [...(input.length > 1 ? [`        x = ${toFirst('x', input.length)}`] : []), ...steps];
}

function activated({ options }: Layer, expression: string): string {
  return 'activation' in options ? torchActivations[options.activation](expression, options) : expression;
}

/** `'conv2d1/kernel': ((3, 3, 1, 8), 'conv2d1.weight', (3, 2, 0, 1)),` */
function tableLines(network: ShapedNetwork, written: readonly Written[]): readonly string[] {
  const own = new Map<string, string>(
    written.flatMap(({ name, layer, torch }) =>
      Object.entries(torch.parameters ?? {}).map(
        ([kind, { name: part, axes = [] }]) => [`${layer.name}/${kind}`, `'${name}${part}', ${tuple(axes)}`] as const,
      ),
    ),
  );
  return slotsOf(network).map(({ name, shape }) => `    '${name}': (${tuple(shape)}, ${own.get(name)}),`);
}

function helpersOf(written: readonly Written[]): string {
  const names = new Set(written.flatMap(({ torch }): readonly Helper[] => torch.helpers ?? []));
  return [...names].map((name) => `\n\n${readTemplate(`${name}.py`).trimEnd()}\n`).join('');
}

function lossText(lines: readonly string[]): string {
  return `\n\ndef loss(y, t):\n    """The mean over the samples."""\n${lines.map((line) => `    ${line}`).join('\n')}\n`;
}

function readTemplate(file: string): string {
  return readFileSync(packageFile(`templates/pytorch/${file}`), 'utf8');
}

/** A template of Python with its capital words filled in. */
function fill(file: string, values: Readonly<Record<string, string>>): string {
  return Object.entries(values).reduce(
    (filled, [key, value]) => filled.replaceAll(`{{${key}}}`, () => value),
    readTemplate(file),
  );
}
