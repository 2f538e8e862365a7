import { template } from './templates.ts';

/** A module, and what an import of it through its spec says. */
export interface TypedImport {
  /** Such as `digits.net.json?longhand`. */
  readonly request: string;
  /** The module, from where the types stand: `./digits.js`. */
  readonly from: string;
  /** Its text, or that of its types. */
  readonly text: string;
}

interface ImportView {
  readonly request: string;
  readonly from: string;
  readonly values: readonly string[];
  readonly types: readonly string[];
}

const render = template<{ readonly example: string; readonly modules: readonly ImportView[] }>('typedImports');

/** The file that gives imports of specs the types of the modules that they stand for. */
export function printTypedImports(imports: readonly TypedImport[]): {
  readonly path: string;
  readonly content: string;
} {
  const modules = imports.map(({ request, from, text }) => ({
    request,
    from,
    values: exportsOf(text, 'function|const'),
    types: exportsOf(text, 'interface|type'),
  }));
  const example = imports[0]?.request.replace('?longhand', '') ?? '';
  return { path: 'longhand.d.ts', content: render({ example, modules }) };
}

function exportsOf(text: string, kinds: string): readonly string[] {
  const declarations = text.matchAll(new RegExp(`^export (?:declare )?(?:async )?(?:${kinds}) (\\w+)`, 'gm'));
  return [...new Set(Array.from(declarations, ([, name]) => name as string))];
}
