import { readFileSync } from 'node:fs';
import Handlebars from 'handlebars';

/** An environment of our own: no escaping, no unknown helpers, an undefined name is an error. */
const handlebars = Handlebars.create();

/** Pieces that several templates share. */
const partials = [
  'head',
  'batchStatistics',
  'facade',
  'namedFacade',
  'namedEntry',
  'namedWasm',
  'helpers',
  'bytes',
  'startingParameters',
  'weights',
];

/** A template of the `templates` folder, read and compiled at its first use. */
export function template<View>(name: string): (view: View) => string {
  let compiled: ((view: View) => string) | undefined;
  return (view) => {
    for (const partial of partials)
      handlebars.registerPartial(partial, handlebars.partials[partial] ?? readSource(partial));
    compiled ??= handlebars.compile<View>(readSource(name), { noEscape: true, strict: true, knownHelpersOnly: true });
    return compiled(view);
  };
}

function readSource(name: string): string {
  // The checkout may have Windows' line ends; what is written has them nowhere.
  return readFileSync(new URL(`../../templates/${name}.hbs`, import.meta.url), 'utf8').replaceAll('\r\n', '\n');
}
