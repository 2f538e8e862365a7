/** How the report marks its text: each function gives a text its colour, or leaves it alone. */
export interface Palette {
  readonly good: (text: string) => string;
  readonly bad: (text: string) => string;
  readonly quiet: (text: string) => string;
}

/** No colours: for files, pipes, and whoever sets NO_COLOR. */
export const plain: Palette = { good: (text) => text, bad: (text) => text, quiet: (text) => text };

/** ANSI colours of a terminal. */
export const coloured: Palette = { good: ansi(32), bad: ansi(31), quiet: ansi(90) };

/** Colours only for a terminal that can show them, and never where NO_COLOR is set (https://no-color.org). */
export function choosePalette(isTerminal: boolean, environment: Readonly<Record<string, string | undefined>>): Palette {
  const refused = (environment.NO_COLOR ?? '') !== '' || environment.TERM === 'dumb';
  return isTerminal && !refused ? coloured : plain;
}

/** Sets the text's foreground colour, and the default colour again after it. */
function ansi(code: number): (text: string) => string {
  return (text) => `\u001b[${code}m${text}\u001b[39m`;
}
