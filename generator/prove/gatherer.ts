import type { ts } from 'ts-morph';
import type { Branch } from './branches.ts';
import { asksForNaN } from './operators.ts';
import { Refusal } from './refusal.ts';
import type { TranslateOptions } from './translateOptions.ts';
import { WholeNumbers } from './wholeNumbers.ts';

/** What a translation gathers while it goes through a text: literals, branches and the places that a run visits. */
export abstract class Gatherer {
  readonly source: ts.SourceFile;
  readonly options: TranslateOptions;
  readonly branches: Branch[] = [];
  readonly literals: number[] = [];
  readonly #literals = new Map<number, number>();
  places = 0;
  #function = -1;
  protected readonly whole: WholeNumbers;

  constructor(source: ts.SourceFile, options: TranslateOptions) {
    this.source = source;
    this.whole = new WholeNumbers(source);
    this.options = options;
  }

  lineOf(node: ts.Node): number {
    return this.source.getLineAndCharacterOfPosition(node.getStart()).line + 1;
  }

  refuse(node: ts.Node): never {
    const [found = ''] = node.getText().split('\n', 1);
    const shown = found.length > 60 ? `${found.slice(0, 57)}...` : found;
    throw new Refusal(
      `${this.options.file}:${this.lineOf(node)}: found \`${shown}\`, which exact arithmetic does not know`,
    );
  }

  /** Tells the ring the line. */
  position(node: ts.Node): string {
    return `$.line = ${this.lineOf(node)}; `;
  }

  /** A literal as a number of the ring: of one that is no integer, or that another is compared with. */
  protected literal(value: number): string {
    const known = this.#literals.get(value) ?? this.literals.push(value) - 1;
    this.#literals.set(value, known);
    return `$literals[${known}]`;
  }

  protected numbered(node: ts.Expression, text: string): string {
    if (this.options.branches !== true || asksForNaN(node)) return `$.test(${text})`;
    return `$.test(${text}, ${this.branch(node, ['is never true', 'is never false'])})`;
  }

  /** Numbers the arms of a branch; the number of the first. */
  protected branch(node: ts.Expression, arms: readonly string[]): number {
    const first = this.places;
    // The place behind the arms is for ties.
    this.places += arms.length + 1;
    const line = this.lineOf(node);
    this.branches.push({ line, text: node.getText(), arms, first, function: this.#function });
    return first;
  }

  /** What is translated inside stands in a function of its own, whose number it is told. */
  protected inFunction(translate: (number: number) => string): string {
    const outer = this.#function;
    this.#function = this.places++;
    const text = translate(this.#function);
    this.#function = outer;
    return text;
  }

  /** A value that gets a name or a place in an array, reported in a traced translation. */
  traced(name: string, node: ts.Expression, value: string, place = ''): string {
    if (this.options.traced !== true) return value;
    return `$trace(${JSON.stringify(name)}, ${node.getStart()}, ${value}${place})`;
  }
}
