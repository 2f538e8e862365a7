import type { Equation, Program } from '../equations/equation.ts';
import { sizeOf, storageOf, type Tensor } from '../equations/tensor.ts';
import { type FunctionPlan, planFunctions } from './plan.ts';
import { type Element, forEachDynamic, forEachRead, type Statement } from './scalar.ts';
import { type Block, keepNeeded, Unroller } from './unroll.ts';

/** A whole program written out and distributed over functions. */
export interface UnrolledPlan {
  readonly functions: readonly FunctionPlan[];
  /** Names of the functions, by position; unique identifiers. */
  readonly names: readonly string[];
  readonly statements: readonly Statement[];
  statementsOf(pass: 'forward' | 'backward'): readonly Statement[];
  /** Tensors that some function stores to or reads from an array. */
  readonly stored: readonly Tensor[];
  /** Multiply-adds of the forward pass with full windows. */
  readonly macs: number;
  /** Terms written out, as estimated on the equations. */
  readonly terms: number;
}

/** Upper bound of the reads in a program written out, counted on the equations, before anything is unrolled. */
export function estimateTerms(program: Program): number {
  return [...program.forward, ...program.backward].reduce((total, one) => total + termsOf(one), 0);
}

function termsOf({ over, value }: Equation): number {
  const places = over.reduce((product, { size }) => product * size, 1);
  return places * termsIn(value);
}

function termsIn(e: Equation['value']): number {
  switch (e.kind) {
    case 'add':
      return e.terms.reduce((total, term) => total + termsIn(term), 0);
    case 'sum':
    case 'max':
    case 'argmax':
    case 'logSumExp':
      return e.over.reduce((product, { size }) => product * size, termsIn(e.body));
    default:
      return 1;
  }
}

export function planUnrolled(program: Program, terms: number): UnrolledPlan {
  const given = program.outputGradient ? [program.outputGradient] : [];
  const unroller = new Unroller(given);
  const forward = unroller.unroll(program.forward);
  const backward = unroller.unroll(program.backward);
  const roots = rootsOf(program);
  const isRoot = ({ tensor }: Element): boolean => roots.has(tensor);
  const kept = keepNeeded([...forward, ...backward], isRoot);
  const keptForward = nonEmpty(kept.slice(0, forward.length));
  const keptBackward = nonEmpty(kept.slice(forward.length));
  const functions = planFunctions(keptForward, keptBackward, isRoot);
  const statementsIn = (blocks: readonly Block[]): Statement[] => blocks.flatMap(({ statements }) => statements);
  return {
    functions,
    names: nameFunctions(functions),
    statements: statementsIn([...keptForward, ...keptBackward]),
    statementsOf: (pass) => statementsIn(pass === 'forward' ? keptForward : keptBackward),
    stored: storedTensors(functions),
    macs: macsOf(program),
    terms,
  };
}

function nonEmpty(blocks: readonly Block[]): Block[] {
  return blocks.filter(({ statements }) => statements.length > 0);
}

function rootsOf(program: Program): ReadonlySet<Tensor> {
  const roots = [program.output, program.loss, program.inputGradient, ...program.gradients.values()];
  return new Set(roots.filter((tensor) => tensor !== undefined).map(storageOf));
}

/** Products summed up, with every window full. */
function macsOf({ forward }: Program): number {
  let macs = 0;
  for (const { over, value } of forward) {
    const summed = value.kind === 'add' ? value.terms.find(({ kind }) => kind === 'sum') : value;
    if (summed?.kind !== 'sum' || summed.body.kind !== 'multiply') continue;
    macs += [...over, ...summed.over].reduce((product, { size }) => product * size, 1);
  }
  return macs;
}

/** `forwardConv2d1`, with a number where a layer needs several; layer names become identifiers. */
function nameFunctions(functions: readonly FunctionPlan[]): string[] {
  const bases = functions.map(({ pass, layers }) => {
    const name = (layers[0] ?? '').replaceAll('-', '_');
    return layers.length > 2 ? `${pass}Pass` : `${pass}_${name}`;
  });
  const taken = new Set<string>();
  return bases.map((base, position) => {
    const isShared = bases.filter((other) => other === base).length > 1;
    let number = bases.slice(0, position).filter((other) => other === base).length + 1;
    let name = isShared ? `${base}_${number}` : base;
    while (taken.has(name)) name = `${base}_${++number}`;
    taken.add(name);
    return name;
  });
}

function storedTensors(functions: readonly FunctionPlan[]): Tensor[] {
  const stored = new Set<Tensor>();
  for (const { loads, steps } of functions) {
    const here = new Set<Element>(loads);
    for (const element of loads) stored.add(element.tensor);
    for (const step of steps) {
      if (step.kind === 'explain') continue;
      if (step.kind === 'tournament') {
        for (const { target } of [step.maximum, ...(step.winner ? [step.winner] : [])]) here.add(target);
        continue;
      }
      if (step.kind === 'store') {
        for (const element of step.elements) stored.add(element.tensor);
        continue;
      }
      forEachDynamic(step.statement.value, (tensor) => stored.add(tensor));
      forEachRead(step.statement.value, (element) => {
        if (!here.has(element)) stored.add(element.tensor);
      });
      if (step.kind === 'assign') here.add(step.statement.target);
      else stored.add(step.statement.target.tensor);
    }
  }
  return [...stored].filter((tensor) => sizeOf(tensor) > 0);
}
