import { assembleHelpers } from '../../emit/wasmHelpers.ts';
import { type DecodedModule, decodeModule, type Instruction, type WasmFunction } from './decode.ts';

/**
 * The functions of a module that are longhand's own helpers: those whose instructions are, one for one, what the
 * generator's table of helpers gives. Anything else is followed instruction by instruction.
 */
export function recognizeHelpers(module: DecodedModule): ReadonlyMap<number, string> {
  const found = new Map<number, string>();
  if (!module.functions.some(isLikely)) return found;
  const { decoded, names } = table();
  for (const position of module.functions.keys()) {
    const match = [...names].find(([own]) => areSame(module, position, decoded, own));
    if (match !== undefined) found.set(position, match[1]);
  }
  return found;
}

interface Table {
  readonly decoded: DecodedModule;
  /** By position. */
  readonly names: ReadonlyMap<number, string>;
}

let known: Table | undefined;

/** Every helper that the generator has, assembled once. */
function table(): Table {
  if (known === undefined) {
    const decoded = decodeModule(assembleHelpers());
    known = { decoded, names: new Map([...decoded.exports].map(([name, position]) => [position, name])) };
  }
  return known;
}

function isLikely({ type: { parameters, results } }: WasmFunction): boolean {
  return parameters.length === 1 && results.length === 1;
}

/** Whether two functions do the same, down to the functions that they call. */
function areSame(left: DecodedModule, position: number, right: DecodedModule, other: number): boolean {
  const [a, b] = [left.functions[position], right.functions[other]];
  if (a === undefined || b === undefined || !isLikely(a)) return false;
  const shape = ({ type, locals }: WasmFunction): string => JSON.stringify([type, locals]);
  return shape(a) === shape(b) && areSameBodies(left, a.body, right, b.body);
}

function areSameBodies(
  left: DecodedModule,
  a: readonly Instruction[],
  right: DecodedModule,
  b: readonly Instruction[],
): boolean {
  return (
    a.length === b.length &&
    a.every((one, n) => {
      const other = b[n]!;
      if (one.name !== other.name || one.result !== other.result) return false;
      const isNamed =
        one.name === 'call'
          ? areSame(left, one.numbers[0]!, right, other.numbers[0]!)
          : one.numbers.every((number, k) => number === other.numbers[k]);
      return (
        isNamed &&
        areSameBodies(left, one.body ?? [], right, other.body ?? []) &&
        areSameBodies(left, one.otherwise ?? [], right, other.otherwise ?? [])
      );
    })
  );
}
