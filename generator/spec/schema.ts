import { z } from 'zod';
import type { LayerDefinition } from '../layers/layer.ts';
import { losses, lossOf } from '../layers/losses/registry.ts';
import { optimizers, optionsOf } from '../layers/optimizers/registry.ts';
import { flag, shape } from '../layers/options.ts';
import { type LayerKind, layers } from '../layers/registry.ts';
import { isKeyOf, keysOf, mapRecord, present } from '../lists.ts';

/** Every layer kind, in the registry's order. */
export const layerKinds: readonly LayerKind[] = keysOf(layers);

/** What the registry knows of a kind, without the types of its options. */
export function definitionOf(kind: LayerKind): LayerDefinition {
  return layers[kind];
}

export function isLayerKind(value: unknown): value is LayerKind {
  return isKeyOf(layers, value);
}

const nameError = 'expected a name: a letter, then at most 63 letters, digits, _ or -';

/** The name of a layer. Names reach identifiers and comments, hence the narrow alphabet. */
export const layerNameSchema = z
  .string({ error: nameError })
  .regex(/^[A-Za-z][A-Za-z0-9_-]*$/, { error: nameError, abort: true })
  .max(64, { error: nameError, abort: true })
  .describe('A letter, then letters, digits, _ or -; at most 64 characters.');

/** Windows keeps these for devices, whatever ending follows: no file there can be called nul.ts. */
const deviceNames = /^(?:con|prn|aux|nul|com[0-9]|lpt[0-9])$/i;

/** The name of a network, which is the name of its file. */
export const networkNameSchema = layerNameSchema.refine((name) => !deviceNames.test(name), {
  error: 'expected another name: Windows keeps this one for a device, and the file could not be written there',
});

const lossNames = keysOf(losses);

export const lossNameSchema = z.enum(lossNames, {
  error: `expected one of ${lossNames.join(', ')}`,
});

/** The options of every loss, with its type. */
export const lossSchemas = mapRecord(
  lossNames,
  (name): z.ZodObject => z.strictObject({ type: z.literal(name), ...lossOf(name).options.shape }),
);

/** One of several objects, told apart by their types. */
function byType(schemas: Readonly<Record<string, z.ZodObject>>) {
  const [first, ...others] = Object.values(schemas);
  return z.discriminatedUnion('type', [present(first), ...others]);
}

/** A loss by its name, or with options. */
export const lossSchema = z
  .union([lossNameSchema, byType(lossSchemas)])
  .optional()
  .describe(
    'The loss, by its name or as { "type": …, options }; without it backward takes the gradient of the output.',
  );

/** The gradient of a product has as many products as it has factors: the work grows with the square. */
const maxInputs = 1024;

/** The options of every optimiser, with its type. */
export const optimizerSchemas = mapRecord(
  keysOf(optimizers),
  (name): z.ZodObject => z.strictObject({ type: z.literal(name), ...optionsOf(name) }),
);

export const optimizerSchema = z
  .union([z.enum(keysOf(optimizers)), byType(optimizerSchemas)])
  .optional()
  .describe('What step does, by its name or as { "type": …, options }; plain gradient descent where absent.');

const inputsError = "expected an array of names of earlier layers or 'input'";

/** The layers that a layer reads. Whether they exist is the parser's question. */
export const inputsSchema = z
  .array(z.string({ error: inputsError }), { error: inputsError })
  .min(1, { error: inputsError })
  .max(maxInputs, { error: `expected at most ${maxInputs} names` })
  .describe("Names of earlier layers or 'input'; the layer before where absent.");

const weightsOfError = 'expected the name of an earlier layer of the same type';

export const weightsOfSchema = z
  .string({ error: weightsOfError })
  .optional()
  .describe('An earlier layer of the same type, whose weights and options this one has too.');

/** What every layer may say beside its own options: one that merges names what it reads, any other reads one. */
function commonShape(kind: LayerKind) {
  const merges = definitionOf(kind).arity === 'many';
  const inputs = merges
    ? inputsSchema.min(2).describe("Names of two or more earlier layers or 'input'.")
    : inputsSchema
        .max(1)
        .describe("The name of an earlier layer or 'input', in an array; the layer before where absent.");
  return { name: layerNameSchema.optional(), inputs: merges ? inputs : inputs.optional() };
}

/** Of a layer with parameters: whether they learn. */
export const trainableSchema = flag
  .optional()
  .describe('false holds the parameters of the layer fixed: they have no gradient, and no step changes them.');

function layerSchema(kind: LayerKind) {
  const { options, hasParameters } = definitionOf(kind);
  const trainable = hasParameters ? { trainable: trainableSchema } : {};
  return z.strictObject({ type: z.literal(kind), ...commonShape(kind), ...trainable, ...options.shape });
}

/** A layer with the weights of another: it has its options too, and may leave all of them out. */
function sharingSchema(kind: LayerKind) {
  const options = Object.entries(definitionOf(kind).options.shape).map(([key, schema]) => [key, z.optional(schema)]);
  const weightsOf = weightsOfSchema.unwrap();
  return z.strictObject({ type: z.literal(kind), ...commonShape(kind), ...Object.fromEntries(options), weightsOf });
}

const weightedKinds = layerKinds.filter((kind) => definitionOf(kind).hasParameters);

const weightError = 'expected a number above 0';

/** The factor of an output's loss in the sum. */
export const outputWeightSchema = z
  .number({ error: weightError })
  .positive({ error: weightError })
  .optional()
  .describe('The factor of its loss in the sum, 1 where absent.');

const outputsSchema = z
  .record(layerNameSchema, z.strictObject({ loss: lossSchema, weight: outputWeightSchema }))
  .optional()
  .describe('Several outputs: the names of their layers, each with its loss.');

const inputSchema = z
  .union([shape, z.record(layerNameSchema, shape)])
  .describe('The shape of a sample, or the shapes of several inputs by their names.');

/** The keys of a spec. `$schema` is there for editors, and ignored. */
export const specShape = {
  $schema: z.string({ error: 'expected the address of a JSON Schema' }).optional(),
  name: networkNameSchema,
  input: inputSchema,
  layers: z.array(z.union([...layerKinds.map(layerSchema), ...weightedKinds.map(sharingSchema)])).min(1),
  loss: lossSchema,
  outputs: outputsSchema,
  optimizer: optimizerSchema,
};
