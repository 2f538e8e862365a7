import { ts } from 'ts-morph';
import type { AnyModel, AnyModule } from '../execution/load.ts';
import { isStop, withinLimit } from './limit.ts';

/** Above this many characters a module is only parsed: to run it says no more about its spec. */
const longestRun = 300_000;
const largestRun = 10_000;

/** Milliseconds that the compiler may take. */
const compilerLimit = 30_000;

/** Milliseconds after which a run is broken off: a few lines of loops may stand for hours of work. */
const runLimit = 2000;

/** What is wrong with the module of an accepted spec, in words; undefined where nothing is. */
export function faultOfModule(text: string): string | undefined {
  const { outputText, diagnostics = [] } = withinLimit(compilerLimit, () =>
    ts.transpileModule(text, {
      reportDiagnostics: true,
      compilerOptions: { target: ts.ScriptTarget.ES2023, module: ts.ModuleKind.CommonJS },
    }),
  );
  const [first] = diagnostics;
  if (first !== undefined) return `a syntax error: ${ts.flattenDiagnosticMessageText(first.messageText, ' ')}`;
  if (text.length > longestRun) return undefined;
  try {
    return withinLimit(runLimit, () => faultOfRun(outputText));
  } catch (error) {
    if (isStop(error)) return undefined;
    throw error;
  }
}

function faultOfRun(code: string): string | undefined {
  const exported = {} as AnyModule;
  new Function('exports', 'require', code)(exported, undefined);
  const { network } = exported;
  const [inputSize, outputSize] = [network.inputShape, network.outputShape].map(product) as [number, number];
  if (Math.max(inputSize, outputSize, network.parameterCount) > largestRun) return undefined;
  const model: Partial<AnyModel> & Pick<AnyModel, 'parameters' | 'forward'> = exported.createModel();
  model.initialize?.(1);
  const output = model.forward(new Float64Array(inputSize).fill(0.5));
  if (output.length !== outputSize) return `an output of ${output.length} numbers, expected ${outputSize}`;
  const loss = lossOf(model, outputSize, outputSize / (network.outputShape.at(-1) ?? 1));
  if (loss !== undefined && typeof loss !== 'number') return `a loss that is a ${typeof loss}`;
  model.step?.(0.1);
  return model.parameters.length === network.parameterCount ? undefined : 'parameters of another number than stated';
}

/** What `backward` returns for a number for each output, or, where it takes class numbers, for one for each place. */
function lossOf(model: Partial<AnyModel>, size: number, places: number): number | undefined {
  const given = (count: number): Float64Array => new Float64Array(count).fill(0.5);
  try {
    return model.backward?.(given(size));
  } catch (error) {
    if (!(error instanceof Error) || !error.message.endsWith(`found length ${size}, expected ${places}`)) throw error;
    return model.backward?.(given(places));
  }
}

function product(shape: readonly number[]): number {
  return shape.reduce((all, size) => all * size, 1);
}

/** The code of a module: its tokens, without comments and whitespace; string literals are one token each. */
export function tokensOf(text: string): string[] {
  const scanner = ts.createScanner(ts.ScriptTarget.ES2023, true, ts.LanguageVariant.Standard, text);
  const tokens: string[] = [];
  for (let kind = scanner.scan(); kind !== ts.SyntaxKind.EndOfFileToken; kind = scanner.scan()) {
    tokens.push(kind === ts.SyntaxKind.StringLiteral ? "''" : scanner.getTokenText());
  }
  return tokens;
}
