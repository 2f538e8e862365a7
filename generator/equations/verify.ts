import type { Affine, Index } from './affine.ts';
import type { Equation, Program } from './equation.ts';
import type { Expression } from './expression.ts';
import { storageOf, type Tensor } from './tensor.ts';
import { childrenOf, readsOf } from './visit.ts';

/** What must hold of equations at every stage, as sentences on what does not; none where all is well. */
export function verifyProgram(program: Pick<Program, 'forward' | 'backward'>): readonly string[] {
  const { forward, backward } = program;
  return [
    ...forward.filter(({ pass }) => pass !== 'forward').map(({ target }) => `${target.name}: not of the forward pass`),
    ...backward
      .filter(({ pass }) => pass !== 'loss' && pass !== 'backward')
      .map(({ target }) => `${target.name}: neither of the loss nor of the backward pass`),
    ...verifyEquations([...forward, ...backward]),
  ];
}

/** The same of equations that need not be a whole program. */
export function verifyEquations(equations: readonly Equation[]): readonly string[] {
  const faults = [...equations.flatMap(verifyEquation), ...sharedNames(equations), ...earlyReads(equations)];
  return [...new Set(faults)];
}

function verifyEquation(one: Equation): string[] {
  const { target, at, over, value, pass } = one;
  const place = (fault: string): string => `${target.name}: ${fault}`;
  const twice = over.filter((index, position) => over.indexOf(index) < position);
  const reads = readsOf(value).filter(({ tensor }) => tensor.role === 'gradient');
  return [
    ...twice.map(({ name }) => place(`${name} is bound twice`)),
    ...indicesIn(at).flatMap((index) => (over.includes(index) ? [] : [place(`${index.name} has no value`)])),
    ...verifyExpression(value, new Set(over)).map(place),
    ...(pass === 'backward' ? [] : reads.map(({ tensor }) => place(`${pass} reads the gradient ${tensor.name}`))),
  ];
}

function verifyExpression(e: Expression, bound: ReadonlySet<Index>): string[] {
  const unknown = ownIndices(e).filter((index) => !bound.has(index) && !bindersOf(e).includes(index));
  const faults = unknown.map(({ name }) => `${name} has no value`);
  const inner = new Set([...bound, ...bindersOf(e)]);
  for (const index of bindersOf(e)) {
    if (bound.has(index)) faults.push(`${index.name} is bound twice`);
    // A count keeps only the coordinates that may lie outside.
    if (e.kind !== 'count' && !freeIndices(e).has(index))
      faults.push(`a ${e.kind} over ${index.name}, on which no term depends`);
  }
  return [...faults, ...childrenOf(e).flatMap((child) => verifyExpression(child, inner))];
}

function bindersOf(e: Expression): readonly Index[] {
  return 'over' in e ? e.over : [];
}

/** The indices in an expression's own coordinates, those that decide a winner included. */
function ownIndices(e: Expression): readonly Index[] {
  if (e.kind === 'read' || e.kind === 'entry') return indicesIn(e.at);
  if (e.kind === 'count') return indicesIn(e.inside.map(({ at }) => at));
  if (e.kind !== 'where') return [];
  const { condition } = e;
  if (condition.kind === 'winner') return indicesIn(condition.at);
  return condition.kind === 'within' ? indicesIn([condition.coordinate.at]) : [];
}

/** Every index in an expression, whoever binds it. */
function freeIndices(e: Expression): ReadonlySet<Index> {
  return new Set([...ownIndices(e), ...childrenOf(e).flatMap((child) => [...freeIndices(child)])]);
}

function indicesIn(at: readonly Affine[]): readonly Index[] {
  return at.flatMap(({ terms }) =>
    [...terms.keys()].flatMap((index) => (index.winner ? indicesIn(index.winner.read.at) : [index])),
  );
}

function sharedNames(equations: readonly Equation[]): string[] {
  const owners = new Map<string, Tensor>();
  return equations.flatMap(({ target, value }) =>
    [target, ...readsOf(value).map(({ tensor }) => tensor)].flatMap((tensor) => {
      const storage = storageOf(tensor);
      const owner = owners.get(storage.name) ?? storage;
      owners.set(storage.name, owner);
      return owner === storage ? [] : [`two tensors are called ${storage.name}`];
    }),
  );
}

/** A tensor is complete before it is read; an equation may read what it adds to. */
function earlyReads(equations: readonly Equation[]): string[] {
  const last = new Map(equations.map(({ target }, position) => [storageOf(target), position]));
  return equations.flatMap(({ target, value }, position) =>
    readsOf(value)
      .map(({ tensor }) => storageOf(tensor))
      .filter((tensor) => tensor !== storageOf(target) && (last.get(tensor) ?? -1) >= position)
      .map((tensor) => `${target.name}: reads ${tensor.name} before it is complete`),
  );
}
