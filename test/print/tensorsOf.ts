import type { Program } from '../../generator/equations/equation.ts';
import { storageOf, type Tensor } from '../../generator/equations/tensor.ts';
import { readsOf } from '../../generator/equations/visit.ts';
import type { GenerateOptions } from '../../generator/index.ts';
import { type Form, stages } from '../../generator/pipeline.ts';

/** A network's program, and every array that its equations or those of its plan name. */
export function tensorsOf(
  spec: unknown,
  asked: GenerateOptions,
  form: Form | 'textbook',
): { readonly program: Program; readonly tensors: ReadonlySet<Tensor> } {
  const network = stages.shape(stages.parse(spec));
  const options = { ...asked, form: form === 'textbook' ? 'unrolled' : form } as const;
  const program = form === 'textbook' ? stages.textbook(network, asked) : stages.equations(network, options);
  const planned = stages.plan(program, options);
  const tensors = new Set<Tensor>([program.input, program.output]);
  for (const { tensor } of program.parameters) tensors.add(tensor);
  for (const tensor of program.gradients.values()) tensors.add(tensor);
  for (const one of [program.target, program.loss, program.outputGradient, program.inputGradient])
    if (one !== undefined) tensors.add(one);
  const equations = [...program.forward, ...program.backward];
  if (planned.form === 'unrolled') {
    for (const { parts } of planned.plan.functions)
      for (const { blocks } of parts) equations.push(...blocks.flatMap((block) => block.equations));
  } else {
    for (const { nests } of [...planned.plan.functions, ...planned.plan.prepare, ...planned.plan.finish])
      equations.push(...nests.flatMap((nest) => nest.equations));
  }
  for (const { target, value } of equations) {
    tensors.add(storageOf(target));
    for (const { tensor } of readsOf(value)) tensors.add(storageOf(tensor));
  }
  return { program, tensors };
}
