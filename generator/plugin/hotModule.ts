import { template } from '../emit/templates.ts';

const render = template<{ readonly makers: readonly string[] }>('hot');

/** A generated module as Vite's server gives it out: a change of the spec reaches the models that a page has made. */
export function hotModule(code: string): string {
  const makers = [...code.matchAll(/^export (?:async )?function (createModel(?:Async)?)\b/gm)].map(
    ([, name]) => name as string,
  );
  const renamed = code.replaceAll(/^export ((?:async )?function createModel(?:Async)?)\b/gm, '$1$$');
  return `${renamed}${render({ makers })}`;
}
