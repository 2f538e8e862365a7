import type { Equation, Program } from '../../generator/equations/equation.ts';
import { namesBeside } from '../../generator/equations/namesIn.ts';
import type { Tensor } from '../../generator/equations/tensor.ts';
import { writeStep } from '../../generator/layers/optimizers.ts';

/** A program of these equations alone: what a pass needs around those that it is tried on. */
export function programOf(forward: readonly Equation[], output: Tensor, rest: Partial<Program> = {}): Program {
  return {
    form: 'test',
    input: { name: 'x', shape: [1], role: 'input' },
    output,
    parameters: [],
    views: [],
    masks: [],
    statistics: [],
    target: undefined,
    loss: undefined,
    forward,
    backward: [],
    outputGradient: undefined,
    gradients: new Map(),
    inputGradient: undefined,
    wanted: undefined,
    step: writeStep({ type: 'sgd' }, 0),
    names: namesBeside(forward),
    ...rest,
  };
}
