import { sizeOf } from '../equations/tensor.ts';
import { writeEquations } from '../passes/write.ts';
import type { ShapedNetwork } from '../spec/network.ts';
import type { Problem } from '../spec/problem.ts';

/** A warning for each layer whose output never reaches the network's: no mistake, perhaps, but seldom meant. */
export function findIdleLayers(network: ShapedNetwork): readonly Problem[] {
  const reached = reachedNames(network);
  const unread = (network.inputs ?? []).flatMap(({ name }): Problem[] =>
    reached.has(name)
      ? []
      : [
          {
            path: `input.${name}`,
            found: `found the input "${name}", which nothing reads`,
            expected: 'expected a layer with it among its inputs, or no such input',
          },
        ],
  );
  if (network.layers.every(({ name }) => reached.has(name))) return unread;
  const { parameters } = writeEquations({ network, asked: { inference: true }, form: '' });
  const idle = network.layers.flatMap(({ name }, position): Problem[] => {
    if (reached.has(name)) return [];
    const own = parameters.filter((parameter) => parameter.name.startsWith(`${name}/`));
    const count = own.reduce((total, { tensor }) => total + sizeOf(tensor), 0);
    const weights = count === 1 ? '1 weight' : `${count} weights`;
    return [
      {
        path: `layers[${position}]`,
        found: `found the layer "${name}", which nothing reads: its ${weights} would stay idle`,
        expected: 'expected a later layer with it among its inputs, or no such layer',
      },
    ];
  });
  return [...unread, ...idle];
}

/** The layers that the last one reads, over however many others. */
function reachedNames({ layers }: ShapedNetwork): ReadonlySet<string> {
  const reached = new Set<string>();
  for (const layer of [...layers].reverse()) {
    if (reached.size > 0 && !reached.has(layer.name)) continue;
    reached.add(layer.name);
    for (const name of layer.inputs) reached.add(name);
    // Weights that another uses are not idle.
    if (layer.weightsOf !== undefined) reached.add(layer.weightsOf);
  }
  return reached;
}
