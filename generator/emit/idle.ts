import { sizeOf } from '../equations/tensor.ts';
import { writeEquations } from '../passes/write.ts';
import type { ShapedNetwork } from '../spec/network.ts';
import type { Problem } from '../spec/problem.ts';

/** A warning for each layer whose output never reaches the network's: no mistake, perhaps, but seldom meant. */
export function findIdleLayers(network: ShapedNetwork): readonly Problem[] {
  const reached = reachedNames(network);
  if (network.layers.every(({ name }) => reached.has(name))) return [];
  const { parameters } = writeEquations({ network, asked: { inference: true }, form: '' });
  return network.layers.flatMap(({ name }, position): Problem[] => {
    if (reached.has(name)) return [];
    const own = parameters.filter((parameter) => parameter.name.startsWith(`${name}/`));
    const idle = own.reduce((total, { tensor }) => total + sizeOf(tensor), 0);
    const weights = idle === 1 ? '1 weight' : `${idle} weights`;
    return [
      {
        path: `layers[${position}]`,
        found: `found the layer "${name}", which nothing reads: its ${weights} would stay idle`,
        expected: 'expected a later layer with it among its inputs, or no such layer',
      },
    ];
  });
}

/** The layers that the last one reads, over however many others. */
function reachedNames({ layers }: ShapedNetwork): ReadonlySet<string> {
  const reached = new Set<string>();
  for (const layer of [...layers].reverse()) {
    if (reached.size > 0 && !reached.has(layer.name)) continue;
    reached.add(layer.name);
    for (const name of layer.inputs) reached.add(name);
  }
  return reached;
}
