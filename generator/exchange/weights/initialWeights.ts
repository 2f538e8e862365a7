import { loadModule } from '../../check/module.ts';
import { stages, universalForm } from '../../pipeline.ts';
import type { ShapedNetwork } from '../../spec/network.ts';

/** The weights that a network's module has after `initialize(1)`: the module itself says so. */
export function initialWeights(network: ShapedNetwork): Float64Array {
  const options = { form: universalForm };
  const program = stages.equations(network, options);
  const model = loadModule(stages.print(network, program, stages.plan(program, options))).createModel();
  model.initialize(1);
  return Float64Array.from(model.parameters);
}
