import { readFileSync } from 'node:fs';
import { packageFile } from '../../../packageFile.ts';
import type { ShapedNetwork } from '../../../spec/network.ts';
import { pythonNames } from '../../pytorch/names.ts';
import { slotsOf } from '../../weights/slots.ts';
import type { KerasNode } from './layers.ts';

/** The Python file: every layer a line. */
export function printKeras(network: ShapedNetwork, nodes: readonly KerasNode[]): string {
  const names = pythonNames(nodes.map(({ name }) => name));
  const variable = (name: string): string => (name === 'input' ? 'v_input' : `v_${names.get(name)}`);
  const lines = nodes.map(({ kind, name, config, inputs, trainable }) => {
    const options = [
      ...Object.entries(config).map(([key, value]) => `${key}=${python(value)}`),
      ...(trainable ? [] : ['trainable=False']),
      `name='${name}'`,
    ];
    const from = inputs.map(variable);
    return `    ${variable(name)} = layers.${kind}(${options.join(', ')})(${from.length === 1 ? from[0] : `[${from.join(', ')}]`})`;
  });
  const table = nodes.flatMap(({ name, owner, takes = [] }) =>
    takes.length === 0 ? [] : [`    '${name}': (${takes.map((kind) => `'${owner}/${kind}'`).join(', ')},),`],
  );
  const values: Readonly<Record<string, string>> = {
    NAME: network.name,
    INPUT: python(network.input, true),
    LAYERS: lines.join('\n'),
    OUTPUT: variable(network.layers.at(-1)!.name),
    SHAPES: slotsOf(network)
      .map(({ name, shape }) => `    '${name}': [${shape.join(', ')}],`)
      .join('\n'),
    TABLE: table.join('\n'),
  };
  const text = readFileSync(packageFile('templates/keras/model.py'), 'utf8');
  return Object.entries(values).reduce((filled, [key, value]) => filled.replaceAll(`{{${key}}}`, () => value), text);
}

function python(value: unknown, isTuple = false): string {
  if (value === null || value === undefined) return 'None';
  if (value === true) return 'True';
  if (value === false) return 'False';
  if (typeof value === 'string') return `'${value}'`;
  if (!Array.isArray(value)) return String(value);
  const inner = value.map((one) => python(one, true)).join(', ');
  return isTuple || value.length !== 1 ? `(${inner}${value.length === 1 ? ',' : ''})` : inner;
}
