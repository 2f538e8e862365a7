import { readFileSync } from 'node:fs';
import Handlebars from 'handlebars';

/** An environment of our own: no escaping, no unknown helpers, an undefined name is an error. */
const handlebars = Handlebars.create();

/** Compiles a template of the `templates` folder. */
export function template<View>(name: string): (view: View) => string {
  const source = readFileSync(new URL(`../../templates/${name}.hbs`, import.meta.url), 'utf8');
  return handlebars.compile(source, { noEscape: true, strict: true, knownHelpersOnly: true });
}
