/** The depth of what no loop and no condition is around. */
const outermost = 2;

/** The lines of a function, each as far in as what is around it. */
export class WatLines {
  readonly lines: string[] = [];
  #depth = outermost;

  /** Whether what is written now runs at every call. */
  get isOutermost(): boolean {
    return this.#depth === outermost;
  }

  add(text: string): void {
    this.lines.push('  '.repeat(this.#depth) + text);
  }

  nested(write: () => void): void {
    this.#depth++;
    write();
    this.#depth--;
  }
}
