import type { Program } from '../equations/equation.ts';
import { sizeOf } from '../equations/tensor.ts';
import { lossOf } from '../layers/losses/registry.ts';
import { targetShape } from '../layers/losses.ts';
import type { Network, Shape, ShapedNetwork } from '../spec/network.ts';
import { listText } from './format.ts';

/** A part of what a model takes or gives, as the templates show it. */
export interface EndView {
  readonly name: string;
  /** As the key of an object, and behind the dot or in brackets; nothing where the part is all there is. */
  readonly key: string;
  readonly access: string;
  /** What an error calls it. */
  readonly label: string;
  readonly shape: string;
  /** What it holds, in words. */
  readonly text: string;
  readonly size: number;
  /** Where it begins in the flat array, and where it ends. */
  readonly offset: number;
  readonly end: number;
  /** Of an output: how many numbers its target has. */
  readonly target: number;
}

/** Inputs, outputs and targets of a network that names some of them. */
export interface EndsView {
  /** Whether they have names; else there is one, without. */
  readonly areInputsNamed: boolean;
  /** Whether the program reads one input where it lies, which may have a border; else parts of a flat array. */
  readonly isInputSingle: boolean;
  readonly areOutputsNamed: boolean;
  readonly inputs: readonly EndView[];
  readonly outputs: readonly EndView[];
  /** What `backward` takes: a target for each output with a loss, or the gradients of all outputs where none has one. */
  readonly givens: readonly EndView[];
  readonly givenSize: number;
}

/** The named inputs and outputs; nothing where neither has names. */
export function viewEnds(network: ShapedNetwork, program: Program): EndsView | false {
  const { inputs, outputs } = network;
  if (inputs === undefined && outputs === undefined) return false;
  const shapeOf = (name: string): Shape => network.shapes[network.layers.findIndex((one) => one.name === name)] ?? [];
  const hasLoss = program.loss !== undefined;
  const results = (outputs ?? []).map((one) => ({ ...one, shape: shapeOf(one.name) }));
  const targets = results.flatMap((one) =>
    hasLoss && one.loss === undefined ? [] : [{ ...one, shape: givenShape(one) }],
  );
  const whole = network.shapes.at(-1) ?? [];
  const single = (label: string, shape: Shape): readonly EndView[] => placed([{ name: label, shape }], label, false);
  const given = program.target?.shape ?? whole;
  const views = {
    inputs: inputs === undefined ? single('input', network.input) : placed(inputs, 'inputs', true),
    givens:
      outputs === undefined
        ? single(hasLoss ? 'target' : 'gradient', given)
        : placed(targets, hasLoss ? 'targets' : 'gradients', true),
  };
  const targetOf = (name: string): number => views.givens.find((one) => one.name === name)?.size ?? 0;
  return {
    ...views,
    areInputsNamed: inputs !== undefined,
    isInputSingle: views.inputs.length === 1,
    areOutputsNamed: outputs !== undefined,
    outputs: (outputs === undefined ? single('output', whole) : placed(results, 'outputs', true)).map((one) => ({
      ...one,
      target: targetOf(one.name),
    })),
    givenSize: views.givens.reduce((total, { size }) => total + size, 0),
  };
}

/** The shape of what is said of an output: numbers like its own, or a class for each of its places. */
function givenShape({ shape, loss }: { readonly shape: Shape; readonly loss: Network['loss'] }): Shape {
  return targetShape(shape, loss && lossOf(loss).takesClasses);
}

/** Parts that stand one after the other. */
function placed(
  parts: readonly { readonly name: string; readonly shape: Shape }[],
  label: string,
  areNamed: boolean,
): readonly EndView[] {
  let next = 0;
  return parts.map(({ name, shape }) => {
    const offset = next;
    const size = sizeOf({ name, shape, role: 'value' });
    next += size;
    const isPlain = /^\w+$/.test(name);
    return {
      name,
      key: isPlain ? name : `'${name}'`,
      access: !areNamed ? '' : isPlain ? `.${name}` : `['${name}']`,
      label: areNamed ? `${label}.${name}` : label,
      shape: listText(shape),
      text: `${shape.join('×')} number${size === 1 ? '' : 's'}`,
      size,
      offset,
      end: next,
      target: 0,
    };
  });
}
