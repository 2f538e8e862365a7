/** A place in a spec, as keys and positions from its top. */
export type Path = readonly (string | number)[];

const longest = 60;

/** A value from a spec as one short, printable line: `0`, `"relus"`, `[3,0]`, `nothing`. */
export function show(value: unknown): string {
  // Escapes only lengthen a text, so that nothing behind this is ever shown.
  const text = printable(describe(value).slice(0, longest + 1));
  return text.length > longest ? `${text.slice(0, longest - 1)}…` : text;
}

function describe(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'function') return 'a function';
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'number') return Object.is(value, -0) ? '-0' : String(value);
  try {
    return JSON.stringify(value) ?? `a ${typeof value}`;
  } catch {
    // Circular, too deep for the stack, or a getter that throws: only a spec written as code can be any of these.
    return Array.isArray(value) ? 'an array' : 'an object';
  }
}

/** A path as it is written in code: `layers[2].kernelSize`. */
export function showPath(path: Path): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`;
    if (/^[A-Za-z_$][\w$]*$/.test(step) && step.length <= longest) return text === '' ? step : `${text}.${step}`;
    return `${text}[${show(step)}]`;
  }, '');
}

/** Escapes what would move the cursor, break the line or turn the writing direction of a terminal. */
export function printable(text: string): string {
  return text.replace(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u${character.codePointAt(0)!.toString(16).padStart(4, '0')}`,
  );
}
