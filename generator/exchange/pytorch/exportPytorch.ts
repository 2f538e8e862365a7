import { readFileSync } from 'node:fs';
import type { Layer, LossName, ShapedNetwork } from '../../spec/network.ts';
import { refuse } from '../refuse.ts';
import { type TorchLayer, torchActivations, torchLayers } from './layers.ts';

/** What `train.py` minimises: the mean over the samples, as `trainBatch` does. */
const losses: { readonly [K in LossName]?: string } = {
  squaredError: '0.5 * (y - t).square().flatten(1).sum(1)',
  meanSquaredError: '(y - t).square().flatten(1).mean(1)',
  categoricalCrossentropy: '-(t * y.clamp_min(1e-38).log()).flatten(1).sum(1)',
  binaryCrossentropy: "F.binary_cross_entropy(y, t, reduction='none').flatten(1).mean(1)",
};

/** A network as `model.py` and `train.py`. Throws SpecError for what PyTorch has no module or function for. */
export function exportPytorch(network: ShapedNetwork): readonly { readonly path: string; readonly content: string }[] {
  const shapes = new Map([
    ['input', network.input],
    ...network.layers.map(({ name }, n) => [name, network.shapes[n]!] as const),
  ]);
  const written = network.layers.map((layer, n) => {
    const module = pythonName(layer.name);
    const facts = {
      name: layer.name,
      module,
      inputs: layer.inputs.map((name) => shapes.get(name)!),
      output: network.shapes[n]!,
    };
    return { layer, module, torch: torchLayerOf(layer, facts) };
  });
  const modules = written.flatMap(({ layer, module, torch }) => {
    const fixed = layer.trainable === false ? '.requires_grad_(False)' : '';
    return torch.module === undefined ? [] : [`        self.${module} = ${torch.module}${fixed}`];
  });
  const steps = written.map(({ layer, module, torch }) => {
    const inputs = layer.inputs.map((name) => (name === 'input' ? 'x' : `v_${pythonName(name)}`));
    return `        v_${module} = ${activated(layer, torch.call(inputs[0]!, inputs))}`;
  });
  const table = written.flatMap(({ layer, module, torch }) =>
    Object.entries(torch.parameters ?? {}).map(([kind, { name, axes = [] }]) => {
      return `    '${layer.name}/${kind}': ('${module}.${name}', (${axes
        .map((axis) => `${axis}, `)
        .join('')
        .trimEnd()})),`;
    }),
  );
  const last = written.at(-1)!;
  const isImage = (shape: readonly number[]) => shape.length === 3;
  const loss = network.loss === undefined ? undefined : losses[network.loss];
  const model = fill('model.py', {
    NAME: network.name,
    MODULES: modules.join('\n') || '        pass',
    STEPS: [...(isImage(network.input) ? ['        x = x.permute(0, 3, 1, 2)'] : []), ...steps].join('\n'),
    RESULT: `v_${last.module}${isImage(network.shapes.at(-1)!) ? '.permute(0, 2, 3, 1)' : ''}`,
    TABLE: table.join('\n'),
    LOSS:
      loss ??
      refuse(
        'loss',
        network.loss === undefined ? 'no loss' : `the loss ${network.loss}`,
        Object.keys(losses).join(', '),
      ),
  });
  return [
    { path: 'model.py', content: model },
    { path: 'train.py', content: fill('train.py', { NAME: network.name }) },
  ];
}

function torchLayerOf(
  layer: Layer,
  facts: { name: string; module: string; inputs: readonly (readonly number[])[]; output: readonly number[] },
): TorchLayer {
  if (facts.inputs.some((shape) => shape.length === 2)) refuse(layer.name, 'a sequence', 'images and vectors');
  const writer =
    torchLayers[layer.type] ?? refuse(layer.name, `a layer ${layer.type}`, Object.keys(torchLayers).join(', '));
  // The options belong to the type that they stand beside.
  return (writer as (options: Layer['options'], of: typeof facts) => TorchLayer)(layer.options, facts);
}

function activated({ name, options }: Layer, expression: string): string {
  if (!('activation' in options)) return expression;
  const write =
    torchActivations[options.activation] ??
    refuse(name, `the activation ${options.activation}`, Object.keys(torchActivations).join(', '));
  return write(expression, options);
}

function pythonName(name: string): string {
  return name.replaceAll('-', '_');
}

/** A template of Python with its capital words filled in. */
function fill(file: string, values: Readonly<Record<string, string>>): string {
  const text = readFileSync(new URL(`../../../templates/pytorch/${file}`, import.meta.url), 'utf8');
  return Object.entries(values).reduce((filled, [key, value]) => filled.replaceAll(`{{${key}}}`, () => value), text);
}
