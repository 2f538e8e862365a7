import type { HelperName } from '../print/functionText.ts';
import { template } from './templates.ts';

const renderers: { readonly [K in HelperName]: (view: Record<string, never>) => string } = {
  erf: template('erf'),
  normalCdf: template('normalCdf'),
  tanh: template('tanh'),
};

/** Every scalar function that a module may bring with it. */
export const helperNames = Object.keys(renderers) as readonly HelperName[];

/** The text of such a function, the same in every module. */
export function helperText(name: HelperName): string {
  return renderers[name]({}).trimEnd();
}
