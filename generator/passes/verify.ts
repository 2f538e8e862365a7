import type { Code } from '../code/code.ts';
import { verifyCode } from '../code/verify.ts';
import { visitCode } from '../code/visit.ts';
import type { Equation } from '../equations/equation.ts';
import { storageOf } from '../equations/tensor.ts';
import { verifyEquations, verifyProgram } from '../equations/verify.ts';
import { calledPasses } from '../schedule/calledPass.ts';
import { functionsInOrder, type LoopPlan } from '../schedule/loops/loopPlan.ts';
import { targetOf } from '../schedule/unrolled/element.ts';
import { blocksOf, codeOf, type UnrolledPlan } from '../schedule/unrolled/plan.ts';
import type { State } from './pass.ts';
import type { States } from './states.ts';

/** What must hold of a network after a pass, as sentences on what does not; none where all is well. */
export function verifyState(state: State): readonly string[] {
  switch (state.kind) {
    case 'source':
      return [];
    case 'program':
      return verifyProgram(state.value);
    case 'parts':
      return verifyEquations(inCallOrder(state.value.parts, ({ equations }) => equations));
    case 'nests':
      return verifyEquations(inCallOrder(state.value.parts, originalsOf));
    case 'joined':
      return verifyEquations(inCallOrder(state.value.parts, nestedIn));
    case 'scheduled':
      return verifyEquations(inCallOrder(state.value.parts, nestedIn));
    case 'loops':
    case 'placed':
      return verifyLoops(state.value);
    case 'statements':
      return verifyStatements(state.value);
    case 'functions':
      return verifyFunctions(state.value);
  }
}

const callOrder = ['input', 'prepareForward', 'forward', 'loss', 'prepare', 'clear', 'backward', 'finish'];

/** The equations of parts in the order in which a training step calls them. */
function inCallOrder<P extends { readonly pass: string }>(
  parts: readonly P[],
  equationsOf: (part: P) => readonly Equation[],
): readonly Equation[] {
  // What is cleared is said by the equation that adds to it.
  const called = parts.filter(({ pass }) => pass !== 'clear');
  return callOrder.flatMap((pass) => called.filter((part) => part.pass === pass).flatMap(equationsOf));
}

function originalsOf({ nests }: States['nests']['parts'][number]): readonly Equation[] {
  return nests.flatMap(({ group }) => group.map(({ original }) => original));
}

function nestedIn({ nests }: { readonly nests: readonly { readonly equations: readonly Equation[] }[] }) {
  return nests.flatMap(({ equations }) => equations);
}

function verifyLoops(plan: LoopPlan): readonly string[] {
  const functions = [...functionsInOrder(plan), plan.copy];
  // The input has its place even where nothing is computed from it.
  const inputs = plan.copy.nests.flatMap(({ equations }) => equations.map(({ target }) => target));
  const { parameters, gradients, state } = plan.program.step;
  const flat = [parameters, gradients, ...state];
  const placed = new Set([...plan.stored, ...plan.layouts.keys(), plan.input, ...inputs, ...flat].map(storageOf));
  const faultsIn = (name: string, code: readonly Code[]): readonly string[] => {
    const unplaced: string[] = [];
    visitCode(code, {
      array: (array) => {
        if (!placed.has(storageOf(array))) unplaced.push(`${array.name} has no place in memory`);
      },
    });
    return [...verifyCode(code), ...unplaced].map((fault) => `${name}: ${fault}`);
  };
  const faults = [
    ...functions.flatMap(({ name, nests }) => nests.flatMap(({ code }) => faultsIn(name, code))),
    ...faultsIn('step', plan.step),
    ...faultsIn('scale', plan.scale),
  ];
  return [
    ...faults,
    ...duplicatesIn(functions.map(({ name }) => name)).map((name) => `two functions are called ${name}`),
  ];
}

/** An element gets one value, and in an order in which nothing is read before it. */
function verifyStatements(written: States['statements']): readonly string[] {
  const definitions = calledPasses.flatMap((pass) => blocksOf(written, pass).flatMap((block) => block.definitions));
  return duplicatesIn(definitions.map((one) => targetOf(one).name)).map((name) => `${name} gets two values`);
}

function verifyFunctions({ functions }: UnrolledPlan): readonly string[] {
  return [
    ...functions.flatMap((one) => verifyCode(codeOf(one)).map((fault) => `${one.name}: ${fault}`)),
    ...duplicatesIn(functions.map(({ name }) => name)).map((name) => `two functions are called ${name}`),
  ];
}

function duplicatesIn(names: readonly string[]): readonly string[] {
  return names.filter((name, position) => names.indexOf(name) < position);
}
