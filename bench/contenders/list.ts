import type { Contender } from '../core/runner.ts';
import { loopCContenders, straightLineCContender } from './c.ts';
import { inJavaScript } from './javascript.ts';
import { longhand } from './longhand.ts';
import { pytorch } from './pytorch.ts';

/** longhand's forms; one that a network is too large for, or that is not built, is left out with its reason. */
export const forms = [longhand('unrolled'), longhand('fast'), longhand('wasm')];

/** float32, with a little more error after a sum of hundreds. */
const FLOAT32 = 2e-6;
/** float32 with approximations of tanh and exp. */
const ROUGH_FLOAT32 = 1e-5;
const noTraining = ({ task }: { readonly task: string }) => (task === 'step' ? 'inference only' : undefined);

/** Everyone who takes part, in the order of the table. */
export const contenders: readonly Contender[] = [
  ...forms,
  inJavaScript({ id: 'plain-loops', name: 'plain loops in TypeScript', engine: 'plainLoops', tolerance: 1e-12 }),
  ...loopCContenders,
  straightLineCContender,
  pytorch,
  inJavaScript({ id: 'tfjs-cpu', name: 'TensorFlow.js cpu', engine: 'tfjs', options: ['cpu'], tolerance: FLOAT32 }),
  inJavaScript({ id: 'tfjs-wasm', name: 'TensorFlow.js wasm', engine: 'tfjs', options: ['wasm'], tolerance: FLOAT32 }),
  ...(['onnxruntime-node', 'onnxruntime-web'] as const).map((id) =>
    inJavaScript({
      id,
      name: id,
      engine: 'onnxruntime',
      options: [id],
      tolerance: FLOAT32,
      takesAnyLayer: true,
      cannot: noTraining,
    }),
  ),
  inJavaScript({
    id: 'convnetjs',
    name: 'ConvNetJS',
    engine: 'convnetjs',
    tolerance: 1e-12,
    withoutAtan: true,
    note: 'float64; it has no atan: tanh in its place, checked against a reference with tanh in its place',
  }),
  inJavaScript({
    id: 'synaptic',
    name: 'synaptic',
    engine: 'synaptic',
    tolerance: 1e-12,
    withoutAtan: true,
    note: 'float64; neurons wired one by one; no atan: tanh in its place',
    cannot: ({ task }) => (task === 'step' ? 'no shared weights, so that it cannot train a convolution' : undefined),
    absent: ({ layers }) => (layers.some(({ type }) => type === 'maxPooling2d') ? 'no pools' : undefined),
  }),
  inJavaScript({ id: 'jax-js', name: 'jax-js', engine: 'jax', tolerance: ROUGH_FLOAT32 }),
];

/** Those whose cost over growing networks is plotted: the forms, plain C, and the fastest C. */
export const growing: readonly Contender[] = contenders.filter(
  ({ id }) => forms.some((form) => form.id === id) || id === 'loopC' || id === 'loopC-sparse-fast-math',
);

/**
 * The contenders with these ids or of these families: `loopC` selects all that begin with `loopC-` as well.
 * Throws with a list of what there is.
 */
export function selectContenders(words: readonly string[] | undefined): readonly Contender[] {
  if (words === undefined) return contenders;
  const isMeant = (id: string, word: string) =>
    id.toLowerCase() === word.toLowerCase() || id.toLowerCase().startsWith(`${word.toLowerCase()}-`);
  const unknown = words.find((word) => !contenders.some(({ id }) => isMeant(id, word)));
  if (unknown !== undefined) {
    throw new Error(`--runner: found '${unknown}', expected one of ${contenders.map(({ id }) => id).join(', ')}`);
  }
  return contenders.filter(({ id }) => words.some((word) => isMeant(id, word)));
}
