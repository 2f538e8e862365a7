import { stages } from '../../pipeline.ts';
import type { Imported, ImportOptions } from '../imported.ts';
import { refuse } from '../refuse.ts';
import { slotsOf } from '../weights/slots.ts';
import { elementCount } from '../weights/tensors.ts';
import type { SpecBuilder } from './specBuilder.ts';

/** The spec of what was built, and its weights in the order of the parameters. Throws SpecError where longhand refuses it. */
export function finish(builder: SpecBuilder, { name, loss }: ImportOptions): Imported {
  const spec = { name, ...builder.spec(), ...(loss === undefined ? {} : { loss }) };
  const slots = slotsOf(stages.shape(stages.parse(spec)));
  const known = builder.weights();
  const weights = slots.map(({ name, shape }) => {
    const values = known.get(name);
    if (values?.length !== elementCount(shape)) {
      return refuse(name, `${values?.length ?? 'no'} numbers`, `${elementCount(shape)} for [${shape.join(', ')}]`);
    }
    return { name, shape, values };
  });
  return { spec, weights };
}
