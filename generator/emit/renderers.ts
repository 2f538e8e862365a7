import { readFileSync } from 'node:fs';
import Handlebars from 'handlebars';
import { packageFile } from '../packageFile.ts';

/** How templates are compiled: no escaping, no unknown helpers, an undefined name is an error. */
export const templateOptions = { noEscape: true, strict: true, knownHelpersOnly: true };

/** Pieces that several templates share. */
export const partials = [
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

/** An environment of our own. */
const handlebars = Handlebars.create();

/** Compiles a template of the `templates` folder. The package has all of them compiled instead of this file. */
export function rendererOf<View>(name: string): (view: View) => string {
  for (const partial of partials)
    handlebars.registerPartial(partial, handlebars.partials[partial] ?? templateSource(partial));
  return handlebars.compile<View>(templateSource(name), templateOptions);
}

/** The text of a template. The checkout may have Windows' line ends; what is written has them nowhere. */
export function templateSource(name: string): string {
  return readFileSync(packageFile(`templates/${name}.hbs`), 'utf8').replaceAll('\r\n', '\n');
}
