const mark = '\u0000raw:';

/** A value that stands in the JSON text word for word: `1e999`, `NaN`, a thousand brackets. */
export function raw(text: string): string {
  return `${mark}${text}`;
}

/** JSON.stringify, but what `raw` made stands there as it is. */
export function toText(value: unknown): string {
  return (JSON.stringify(value, null, 1) ?? 'undefined').replace(/"\\u0000raw:([^"]*)"/g, '$1');
}
