/** Words that show a fault of longhand, where the user's own text is left out. */
const leaks = [
  /undefined/,
  /\[object /,
  /\bNaN\b/,
  /^\s+at /m,
  /\.ts:\d+/,
  /Cannot read/,
  /is not a function/,
  /Maximum call stack/,
];

const longest = 500;

/** `layers[2].kernelSize: found 0; expected a positive integer`: the place, what was found, what would be right. */
const shape = /^(?<place>.+?): (?<found>found .+?); (?<expected>expected .+|did you mean .+\?)$/;

/**
 * What is wrong with a message, in words; undefined where nothing is.
 *
 * @param message one line that a user is to read, without the file
 */
export function faultOf(message: string): string | undefined {
  if (/[\p{Cc}\p{Zl}\p{Zp}\p{Cf}]/u.test(message)) return 'a character that breaks the line or moves the cursor';
  const parts = shape.exec(message)?.groups;
  if (parts === undefined) return 'not of the form place: found …; expected …';
  if (message.length > longest) return `longer than ${longest} characters`;
  const { place = '', found = '', expected = '' } = parts;
  if (/\[(?!\d+\]|"")/.test(withoutQuoted(place))) return 'a place with an index that is neither a number nor a key';
  const own = withoutQuoted(`${found}; ${expected}`);
  const leak = leaks.find((pattern) => pattern.test(own));
  return leak && `text that only a fault can bring: ${leak}`;
}

/** The message without the user's own text in it: strings, names of layers, lists and objects. */
function withoutQuoted(message: string): string {
  return message
    .replace(/"(?:[^"\\]|\\.)*(?:"|…)/g, '""')
    .replace(/\(input\b[^)]*\)/, '()')
    .replace(/found [[{].*?; (?=expected|did you)/, 'found []; ')
    .replace(/found NaN; /, 'found a number; ');
}
