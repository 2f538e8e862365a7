import { partOf } from './report.ts';

/** A place in a text; both count from 1, as editors do. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** Where a part of an object or array stands in its file; undefined where that is not known. */
export type Places = (owner: object, step: string | number) => Place | undefined;

export function placeAt(text: string, position: number): Place {
  let line = 1;
  let start = 0;
  for (let end = text.indexOf('\n'); end >= 0 && end < position; end = text.indexOf('\n', start)) {
    line++;
    start = end + 1;
  }
  return { line, column: position - start + 1 };
}

function nameIn(quoted: string): string {
  return JSON.parse(quoted);
}

/**
 * The place of a path such as `layers[2].kernelSize`, or of the nearest part around it that is there.
 *
 * @param value what the file says
 */
export function locate(value: unknown, path: string, places: Places): Place | undefined {
  let owner = value;
  let place: Place | undefined;
  for (const [, name, index, quoted = ''] of path.matchAll(
    /\.?([A-Za-z_$][\w$]*)|\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]/g,
  )) {
    if (typeof owner !== 'object' || owner === null) return place;
    const step = index === undefined ? (name ?? nameIn(quoted)) : Number(index);
    const here = places(owner, step);
    if (here === undefined) return place;
    place = here;
    owner = partOf(owner, step);
  }
  return place;
}
