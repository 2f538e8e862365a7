import { digestOf } from '../spec/digest.ts';
import type { ShapedNetwork } from '../spec/network.ts';
import { template } from './templates.ts';

const render = template<{ readonly name: string; readonly digest: string }>('companion');

/** The file beside a module that reads and writes its weights. */
export function printCompanion(network: ShapedNetwork): { readonly path: string; readonly content: string } {
  const { name } = network;
  return { path: `${name}.weights.ts`, content: render({ name, digest: digestOf(network) }) };
}
