import { readdirSync } from 'node:fs';
import { basename } from 'node:path';
import Handlebars from 'handlebars';
import { partials, templateOptions, templateSource } from '../emit/renderers.ts';

/** A module like generator/emit/renderers.ts in which all templates are compiled, and which needs no compiler. */
export function compiledTemplates(): string {
  const names = readdirSync('templates')
    .filter((file) => file.endsWith('.hbs'))
    .map((file) => basename(file, '.hbs'));
  const compiled = names.map((name) => `'${name}': ${Handlebars.precompile(templateSource(name), templateOptions)},`);
  return `import Handlebars from 'handlebars/dist/cjs/handlebars.runtime.js';
const handlebars = Handlebars.create();
const compiled = {
${compiled.join('\n')}
};
for (const name of ${JSON.stringify(partials)}) handlebars.partials[name] = handlebars.template(compiled[name]);
export const rendererOf = (name) => handlebars.template(compiled[name]);
`;
}
