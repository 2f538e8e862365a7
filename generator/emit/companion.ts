import type { ShapedNetwork } from '../spec/network.ts';
import { template } from './templates.ts';

const render = template<{ readonly name: string }>('companion');

/** The file beside a module that reads and writes its weights. */
export function printCompanion({ name }: ShapedNetwork): { readonly path: string; readonly content: string } {
  return { path: `${name}.weights.ts`, content: render({ name }) };
}
