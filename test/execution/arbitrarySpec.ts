import fc from 'fast-check';
import { type GenerateOptions, generate, type NetworkSpec, SpecError } from '../../generator/index.ts';
import { activationNames } from '../../generator/layers/options.ts';

type Part = Record<string, unknown>;

const size = (max: number) => fc.oneof(fc.integer({ min: 1, max }), fc.tuple(side(max), side(max)));
const side = (max: number) => fc.integer({ min: 1, max });
const zeros = fc.tuple(fc.integer({ min: 0, max: 2 }), fc.integer({ min: 0, max: 2 }));
const padding = fc.oneof(fc.constantFrom('valid', 'same'), fc.tuple(zeros, zeros));
const activation = fc.constantFrom(...activationNames);

/** Every key is there or not; leakyRelu alone may have a slope of its own. */
const optional = <T extends object>(required: object, options: { [K in keyof T]: fc.Arbitrary<T[K]> }) =>
  fc.record({ ...options }, { requiredKeys: [] }).map((chosen): Part => ({ ...required, ...chosen }));

const withSlope = (part: Part, alpha: number | undefined): Part =>
  part.activation === 'leakyRelu' && alpha !== undefined ? { ...part, alpha } : part;

const activated = (parts: fc.Arbitrary<Part>) =>
  fc.tuple(parts, fc.option(fc.constantFrom(0.01, 0.3, -0.5), { nil: undefined })).map(([p, a]) => withSlope(p, a));

const conv2d = activated(
  fc.integer({ min: 1, max: 3 }).chain((filters) =>
    optional(
      { type: 'conv2d', filters, kernelSize: 1 },
      {
        kernelSize: size(3),
        strides: size(3),
        padding,
        dilationRate: size(2),
        useBias: fc.boolean(),
        flipKernel: fc.boolean(),
        activation,
      },
    ),
  ),
);

const pool = { poolSize: size(3), strides: size(3), padding };
const maxPooling2d = optional({ type: 'maxPooling2d' }, { ...pool, ties: fc.constantFrom('first', 'all') });
const averagePooling2d = optional({ type: 'averagePooling2d' }, pool);
const activationLayer = activated(activation.map((name) => ({ type: 'activation', activation: name })));
const dense = activated(
  fc
    .integer({ min: 1, max: 4 })
    .chain((units) => optional({ type: 'dense', units }, { useBias: fc.boolean(), activation })),
);

const onImage = fc.oneof(
  { weight: 3, arbitrary: conv2d },
  { weight: 2, arbitrary: maxPooling2d },
  averagePooling2d,
  activationLayer,
);
const onVector = fc.oneof({ weight: 3, arbitrary: dense }, activationLayer);
const ending = fc.constantFrom<readonly [string | undefined, string | undefined]>(
  [undefined, undefined],
  ['squaredError', undefined],
  ['meanSquaredError', undefined],
  ['categoricalCrossentropy', 'softmax'],
  ['binaryCrossentropy', 'sigmoid'],
);

/** Layers from an image to a vector or an image, the last one with the activation that the loss wants. */
const layersOf = fc
  .tuple(fc.array(onImage, { minLength: 1, maxLength: 3 }), fc.option(fc.array(onVector, { maxLength: 2 })), ending)
  .map(([image, vector, [loss, last]]) => {
    const layers = vector === null ? image : [...image, { type: 'flatten' }, ...vector];
    const all = last === undefined ? layers : [...layers, { type: 'activation', activation: last }];
    return { layers: all, ...(loss === undefined ? {} : { loss }) };
  });

/** A random network that is valid: its image sides are small and often odd. */
export const arbitrarySpec = fc
  .tuple(side(6), side(6), side(2), layersOf)
  .map(([height, width, channels, rest]) => ({ name: 'random', input: [height, width, channels], ...rest }))
  .map((spec) => spec as unknown as NetworkSpec)
  .filter((spec) => isValid(spec, {}));

/** Whether longhand takes the spec; any other error than a SpecError is passed on. */
function isValid(spec: NetworkSpec, options: GenerateOptions): boolean {
  try {
    generate(spec, options);
    return true;
  } catch (error) {
    if (error instanceof SpecError) return false;
    throw error;
  }
}
