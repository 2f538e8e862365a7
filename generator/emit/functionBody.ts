import type { Code, Value } from '../code/code.ts';
import { isPlayed } from '../code/games.ts';
import { bodyOf, partsOf, valuesIn } from '../code/parts.ts';
import type { Equation } from '../equations/equation.ts';
import type { FunctionName } from '../equations/functionName.ts';
import type { Tensor } from '../equations/tensor.ts';
import { type HelperName, helperOf } from '../print/functionText.ts';
import type { Line } from '../print/typescript/code.ts';
import type { Commentary } from './commentary.ts';
import type { FunctionView } from './form.ts';

/** Lines of a body, which may be several in one text, that belong to one layer. */
export interface LayerLines {
  readonly layer: string;
  readonly lines: readonly string[];
}

export function joinLines(parts: readonly LayerLines[]): Pick<FunctionView, 'body' | 'layers'> {
  const lines = parts.flatMap(({ layer, lines }) =>
    lines.flatMap((text) => text.split('\n').map((one) => ({ one, layer }))),
  );
  return { body: lines.map(({ one }) => one).join('\n'), layers: lines.map(({ layer }) => layer) };
}

/** A line belongs to the layer whose tensor it gives numbers to; `otherwise` where it gives none. */
export function byLayer(lines: readonly Line[], layerOf: ReadonlyMap<Tensor, string>, otherwise: string): LayerLines[] {
  return lines.map(({ text, gives }) => ({ layer: (gives && layerOf.get(gives)) ?? otherwise, lines: [text] }));
}

/** An equation, above it how it comes about where that is asked for, and under it what it says to a reader. */
export function explained(equation: Equation, commentary: Commentary, indent: string): string[] {
  return [
    ...commentary.derivation(equation).map((line) => `${indent}// | ${line}`),
    equationLine(equation, commentary, indent),
    ...commentary.notes(equation).map((note) => `${indent}//     ${note}`),
  ];
}

export function equationLine(equation: Equation, commentary: Commentary, indent: string): string {
  return `${indent}//   ${commentary.line(equation)}`;
}

/** What a function does, in one line. */
export function docOf({ pass, layers }: { readonly pass: string; readonly layers: readonly string[] }): string {
  if (pass === 'loss') return 'The loss.';
  return `${pass === 'forward' ? 'Forward' : 'Backward'}: ${layers.join(', ')}.`;
}

/** Whether code compares the values of a window in the scratch array. */
export function hasTournament(code: readonly Code[]): boolean {
  return code.some((one) => (one.kind === 'tournament' && isPlayed(one)) || hasTournament(bodyOf(one)));
}

/** The helpers that code calls. */
export function helpersIn(code: readonly Code[]): readonly HelperName[] {
  const called = new Set<FunctionName>();
  const visit = (value: Value): void => {
    if (value.kind === 'call') called.add(value.name);
    partsOf(value).forEach(visit);
  };
  const visitAll = (statements: readonly Code[]): void => {
    for (const one of statements) {
      valuesIn(one).forEach(visit);
      visitAll(bodyOf(one));
    }
  };
  visitAll(code);
  return [...new Set([...called].flatMap((name) => helperOf(name) ?? []))];
}
