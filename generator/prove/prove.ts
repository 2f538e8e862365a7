import { type Form, type GenerateOptions, stages } from '../pipeline.ts';
import type { ShapedNetwork } from '../spec/network.ts';
import { checkRelaxedFloats } from './floatCheck.ts';
import { pointOf } from './points.ts';
import type { Proof } from './proof.ts';
import { type ProverOptions, proveVariant } from './prover.ts';
import { joinVariants, withTwin } from './variants.ts';
import { type MemoryMap, mapMemory } from './wasm/memoryMap.ts';

export interface ProveOptions extends ProverOptions {
  /** Of a module whose functions are WebAssembly: which array lies where in its memory. */
  readonly map?: MemoryMap;
}

/**
 * Proves the module that longhand writes for a spec.
 *
 * @param spec what a `*.net.json` file holds
 * @throws SpecError if the spec is not right or too large for the form
 */
export function proveNetwork(spec: unknown, options: ProverOptions & { readonly form?: Form } = {}): Proof {
  const { form } = options;
  const generated: GenerateOptions = { inputGradient: true, ...(form === undefined ? {} : { form }) };
  const network = stages.shape(stages.parse(spec));
  const program = stages.equations(network, generated);
  const plan = stages.plan(program, generated);
  const text = stages.print(network, program, plan);
  const map = plan.form === 'wasm' ? { map: mapMemory(network, program, plan.plan) } : {};
  return proveText(text, network, { ...options, ...map });
}

/**
 * Proves the text of a generated module: that its backward pass is the derivative of its forward pass, and its forward
 * pass is that of the reference interpreter, in exact arithmetic at random points until every arm of every branch was
 * taken. What was shown and what was not, the proof says. Of WebAssembly both codes that the text holds are
 * proved: the relaxed one by itself only where it is not the plain one but for its multiply-adds.
 */
export function proveText(text: string, network: ShapedNetwork, { map, ...options }: ProveOptions = {}): Proof {
  if (map === undefined) return proveVariant(text, network, options).proof;
  const { seed = 1 } = options;
  const plain = proveVariant(text, network, options, { variant: 'plain', map });
  if (plain.relaxed === 'none') return plain.proof;
  if (plain.relaxed === 'twin') {
    const rounds = plain.isLarge ? [0] : [0, 1, 2];
    const points = rounds.map((round) => pointOf(network, { seed, round, onKinks: false }));
    return withTwin(plain.proof, plain.proof.proved ? checkRelaxedFloats(text, points) : []);
  }
  const relaxed = proveVariant(text, network, options, { variant: 'relaxed', map });
  return joinVariants(plain.proof, relaxed.proof);
}
