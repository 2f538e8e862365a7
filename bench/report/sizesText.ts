import type { SizeRow } from '../measures/size.ts';
import { bytes } from './units.ts';

/** The sizes as Markdown. */
export function sizesText(rows: readonly SizeRow[]): string {
  return `# Sizes

Minified by esbuild, and gzipped. Generated modules are whole but for the parameters, which every runtime needs; a
library comes with a model file or code that builds the model.

| | | minified | gzipped |
| --- | --- | ---: | ---: |
${rows.map(rowText).join('\n')}
`;
}

function rowText({ name, what, size }: SizeRow): string {
  const cells = size ? [bytes(size.minified), bytes(size.gzipped)] : ['–', '–'];
  return `| ${[name, what, ...cells].join(' | ')} |`;
}
