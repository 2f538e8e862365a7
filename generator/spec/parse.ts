import type { z } from 'zod';
import { joinOutputs } from '../layers/ends.ts';
import type { LossDefinition } from '../layers/losses/loss.ts';
import { type LossName, losses } from '../layers/losses/registry.ts';
import { defaultOptimizer, type Optimizer } from '../layers/optimizers/registry.ts';
import {
  type ActivationName,
  activationNames,
  activationParameters,
  maxElements,
  shape as shapeSchema,
} from '../layers/options.ts';
import type { LayerKind } from '../layers/registry.ts';
import { placeInputs } from './inputs.ts';
import { nearest } from './nearest.ts';
import type { Layer, NamedOutput, Network, Shape } from './network.ts';
import { outOfScope } from './outOfScope.ts';
import type { Problem } from './problem.ts';
import {
  definitionOf,
  inputsSchema,
  isLayerKind,
  layerKinds,
  layerNameSchema,
  lossNameSchema,
  lossSchemas,
  networkNameSchema,
  optimizerSchemas,
  outputWeightSchema,
  specShape,
  trainableSchema,
  weightsOfSchema,
} from './schema.ts';
import { inherited, isFault, ownerOf } from './sharedLayers.ts';
import { type Path, show, showPath } from './show.ts';

export type ParseResult =
  | { readonly ok: true; readonly network: Network }
  | { readonly ok: false; readonly problems: Problem[] };

type Fields = Readonly<Record<string, unknown>>;

/** Notes a problem at a place. */
type Report = (path: Path, found: string, expected: string) => void;

/** A layer while its neighbours are not known yet; what could not be understood is undefined. */
interface Draft {
  readonly path: Path;
  readonly type: LayerKind | undefined;
  readonly name: string | undefined;
  readonly inputs: readonly string[] | undefined;
  /** The layer whose weights it uses. */
  readonly weightsOf: string | undefined;
  /** Whether the layer says nothing of its inputs, and so reads the layer before. */
  readonly readsBefore: boolean;
  readonly isFrozen: boolean;
  readonly options: Fields | undefined;
}

/** More would take minutes to write out, and a reader of the file could not follow them. */
const maxLayers = 10_000;

/** Names that a message lists. */
const maxNames = 12;

/** Nobody reads more; to find the nearest name for each of ten thousand takes minutes. */
const maxProblems = 100;

/** Thrown where there is one problem more than is told. */
class TooMany extends Error {}

/**
 * Reads a spec: fills defaults in, names the layers, resolves their inputs.
 *
 * Nothing is assumed of the value. Where it is no spec, every problem is returned, in the order of the file; of more
 * than 100 the first that were found.
 */
export function parseSpec(spec: unknown): ParseResult {
  const found: Found[] = [];
  const report: Report = (path, what, expected) => {
    if (found.length === maxProblems) throw new TooMany();
    found.push({ path, found: `found ${what}`, expected });
  };
  try {
    const network = parseNetwork(spec, report);
    if (found.length === 0 && network !== undefined) return { ok: true, network };
    return { ok: false, problems: inFileOrder(spec, found) };
  } catch (error) {
    if (!(error instanceof TooMany)) throw error;
    return { ok: false, problems: [...inFileOrder(spec, found), andMore] };
  }
}

type Found = Omit<Problem, 'path'> & { readonly path: Path };

function inFileOrder(spec: unknown, found: readonly Found[]): Problem[] {
  const keyOrders = new Map<object, ReadonlyMap<string, number>>();
  return found
    .map((problem) => ({ problem, place: placeInFile(spec, problem.path, keyOrders) }))
    .sort((a, b) => comparePlaces(a.place, b.place))
    .map(({ problem }) => ({ ...problem, path: showPath(problem.path) }));
}

const andMore: Problem = {
  path: '',
  found: `found ${maxProblems} problems and stopped there`,
  expected: 'expected these to be mended first',
};

function parseNetwork(spec: unknown, report: Report): Network | undefined {
  if (!isRecord(spec)) {
    report([], show(spec), 'expected an object with the keys name, input, layers and perhaps loss and optimizer');
    return undefined;
  }
  const misspelt = reportUnknownKeys(spec, Object.keys(specShape), [], 'a spec', report);
  // A missing key that stands there under a wrong name has been reported already.
  const read = <T>(key: string, schema: z.ZodType<T>): T | undefined =>
    misspelt.has(key) ? undefined : check(schema, field(spec, key), [key], report);
  read('$schema', specShape.$schema);
  const name = read('name', networkNameSchema);
  const input = misspelt.has('input') ? undefined : parseInput(field(spec, 'input'), report);
  const loss = misspelt.has('loss') ? undefined : parseLoss(field(spec, 'loss'), report);
  const optimizer = misspelt.has('optimizer') ? undefined : parseOptimizer(field(spec, 'optimizer'), report);
  const layers = misspelt.has('layers') ? [] : parseLayers(field(spec, 'layers'), inputNamesOf(input), report);
  const outputs = misspelt.has('outputs') ? undefined : parseOutputs(field(spec, 'outputs'), layers, report);
  if (outputs !== undefined && loss !== undefined) {
    report(['loss'], `${show(loss.type)} beside outputs`, 'expected the loss of each output in outputs');
  }
  if (input !== undefined) checkElements(input, report);
  checkLoss(loss, layers.at(-1), layers, ['loss'], report);
  if (name === undefined || input === undefined) return undefined;
  const network: Network = {
    name,
    ...(input instanceof Map ? placeInputs(input) : { input: input as Shape }),
    loss: loss?.type,
    lossOptions: (loss?.options ?? {}) as Network['lossOptions'],
    layers: finish(layers),
    optimizer: optimizer ?? defaultOptimizer,
    ...(outputs === undefined ? {} : { outputs }),
  };
  return joinOutputs(network);
}

/** A shape, or the shapes of several inputs by their names; undefined where it is wrong. */
function parseInput(value: unknown, report: Report): Shape | ReadonlyMap<string, Shape> | undefined {
  if (!isRecord(value)) return check(shapeSchema, value, ['input'], report);
  const entries = Object.entries(value);
  if (entries.length === 0) report(['input'], 'no input', 'expected a shape, or the shapes of inputs by their names');
  const shapes = entries.flatMap(([name, shape]): [string, Shape][] => {
    const path = ['input', name];
    if (check(layerNameSchema, name, path, report) === 'input') {
      report(path, '"input"', "expected another name: 'input' is the input that has no name");
    }
    const found = check(shapeSchema, shape, path, report);
    return found === undefined ? [] : [[name, found]];
  });
  return shapes.length === entries.length && entries.length > 0 ? new Map(shapes) : undefined;
}

function inputNamesOf(input: Shape | ReadonlyMap<string, Shape> | undefined): readonly string[] | undefined {
  if (input === undefined) return undefined;
  return input instanceof Map ? [...input.keys()] : ['input'];
}

/** The outputs by the names of their layers, each with its loss; undefined where the spec has none, or wrong ones. */
function parseOutputs(value: unknown, layers: readonly Draft[], report: Report): Network['outputs'] {
  if (value === undefined) return undefined;
  const entries = isRecord(value) ? Object.entries(value) : [];
  if (entries.length === 0) {
    const expected = 'expected an object of names of layers, each with { } or { "loss": …, "weight": … }';
    report(['outputs'], isRecord(value) ? 'no output' : show(value), expected);
    return undefined;
  }
  const names = layers.flatMap(({ name }) => (isName(name) ? [name] : []));
  const outputs = entries.map(([name, one]): NamedOutput => {
    const path = ['outputs', name];
    const layer = layers.find((draft) => draft.name === name);
    if (layer === undefined && layers.every((draft) => draft.name !== undefined)) {
      report(path, show(name), withGuess(`expected the name of a layer (${listNames(names)})`, name, names));
    }
    if (!isRecord(one)) {
      report(path, show(one), 'expected { } or { "loss": …, "weight": … }');
      return { name, loss: undefined, lossOptions: {}, weight: 1 };
    }
    reportUnknownKeys(one, ['loss', 'weight'], path, 'an output', report);
    const loss = parseLoss(field(one, 'loss'), report, [...path, 'loss']);
    checkLoss(loss, layer, layers, [...path, 'loss'], report);
    const weight = check(outputWeightSchema, field(one, 'weight'), [...path, 'weight'], report) ?? 1;
    if (loss === undefined && field(one, 'loss') === undefined && field(one, 'weight') !== undefined) {
      report(
        [...path, 'weight'],
        `${show(weight)} without a loss`,
        'expected a loss beside it, which it is the factor of',
      );
    }
    return { name, loss: loss?.type, lossOptions: (loss?.options ?? {}) as NamedOutput['lossOptions'], weight };
  });
  return outputs;
}

/** The optimiser with its defaults; undefined where the spec names none, or a wrong one. */
function parseOptimizer(value: unknown, report: Report): Optimizer | undefined {
  if (value === undefined) return undefined;
  // What is wrong has been reported, and then nobody reads it.
  return parseTyped(value, 'optimizer', optimizerSchemas, report) as Optimizer | undefined;
}

/** The loss and its options with their defaults; undefined where the spec names none, or a wrong one. */
function parseLoss(value: unknown, report: Report, path: Path = ['loss']): TypedLoss | undefined {
  if (value === undefined) return undefined;
  if (!isRecord(value)) {
    const name = check(lossNameSchema, value, path, report);
    return name && parseLoss({ type: name }, report, path);
  }
  const parsed = parseTyped(value, 'loss', lossSchemas, report, path);
  if (parsed === undefined) return undefined;
  const { type, ...options } = parsed;
  return { type: type as LossName, options };
}

interface TypedLoss {
  readonly type: LossName;
  readonly options: Fields;
}

/** An object with a type and the options of that type, their defaults filled in. */
function parseTyped(
  value: unknown,
  what: 'optimizer' | 'loss',
  schemas: Readonly<Record<string, z.ZodObject>>,
  report: Report,
  path: Path = [what],
): Fields | undefined {
  const names = Object.keys(schemas);
  if (!isRecord(value)) {
    report(path, show(value), `expected an object with a type: one of ${names.join(', ')}`);
    return undefined;
  }
  const type = field(value, 'type');
  if (typeof type !== 'string' || !Object.hasOwn(schemas, type)) {
    report([...path, 'type'], show(type), withGuess(`expected one of ${names.join(', ')}`, type, names));
    return undefined;
  }
  const { shape } = schemas[type] as z.ZodObject;
  const misspelt = reportUnknownKeys(value, Object.keys(shape), path, `the ${what} ${type}`, report);
  const options: Record<string, unknown> = {};
  for (const [key, schema] of Object.entries(shape)) {
    if (misspelt.has(key)) continue;
    const parsed = check(schema as z.ZodType, field(value, key), [...path, key], report);
    if (parsed !== undefined) options[key] = parsed;
  }
  return options;
}

function checkElements(input: Shape | ReadonlyMap<string, Shape>, report: Report): void {
  const shapes: readonly Shape[] = input instanceof Map ? [...input.values()] : [input as Shape];
  const elements = shapes.reduce((sum, shape) => sum + shape.reduce((product, extent) => product * extent, 1), 0);
  if (elements <= maxElements) return;
  report(
    ['input'],
    `${show(input instanceof Map ? Object.fromEntries(input) : input)}, ${elements} elements`,
    `expected at most ${maxElements} (2^24) elements`,
  );
}

/** The activations that a loss with these options is defined for; undefined where any will do. */
function activationsOf(type: LossName, options: Fields): readonly ActivationName[] | undefined {
  return (losses[type] as unknown as LossDefinition).activations?.(options);
}

const lossesOfAnyOutput = (Object.keys(losses) as LossName[]).filter((name) => activationsOf(name, {}) === undefined);

/** Refuses a loss that is only defined, or only stable, behind a certain activation; it looks through mere views. */
function checkLoss(
  loss: TypedLoss | undefined,
  last: Draft | undefined,
  layers: readonly Draft[],
  path: Path,
  report: Report,
): void {
  const wanted = loss && activationsOf(loss.type, loss.options);
  if (loss === undefined || wanted === undefined || last?.options === undefined) return;
  const source = withoutViews(last, layers);
  if (source !== undefined && source.options === undefined) return;
  const activation = source?.options && field(source.options, 'activation');
  if (wanted.some((one) => one === activation)) return;
  const after = activation === undefined ? `a last layer ${last.type}` : `a last activation ${show(activation)}`;
  report(
    path,
    `${show(loss.type)} after ${after}`,
    `expected activation ${wanted.map(show).join(' or ')} in the last layer, fromLogits, or another loss (${lossesOfAnyOutput.join(', ')})`,
  );
}

/** The layer whose numbers a layer shows, perhaps in another shape; undefined where they are the network's input. */
function withoutViews(last: Draft, layers: readonly Draft[]): Draft | undefined {
  let layer: Draft | undefined = last;
  // A layer reads earlier ones alone, or has been reported.
  for (let n = layers.length; n > 0 && layer?.type !== undefined && definitionOf(layer.type).isView; n--) {
    const source: string | undefined = layer.inputs?.[0];
    layer = layers.find(({ name }) => name === source);
  }
  return layer;
}

/** @param inputNames the names of the network's inputs, 'input' where there is one without; undefined where they are wrong */
function parseLayers(value: unknown, inputNames: readonly string[] | undefined, report: Report): Draft[] {
  if (!Array.isArray(value) || value.length === 0) {
    report(['layers'], show(value), 'expected an array of at least one layer');
    return [];
  }
  if (value.length > maxLayers) {
    report(['layers'], `${value.length} layers`, `expected at most ${maxLayers}`);
    return [];
  }
  const drafts = nameLayers(Array.from(value, (layer, i) => draftLayer(layer, ['layers', i], report)));
  const positions = positionsByName(drafts, inputNames ?? [], report);
  return drafts
    .map((draft, i) => ({ ...draft, inputs: resolveInputs(draft, i, drafts, positions, inputNames, report) }))
    .map((draft, i, all) => inheritOptions(draft, all.slice(0, i + 1), report));
}

/** A layer that uses another's weights has that one's options, except where it states its own. */
function inheritOptions(draft: Draft, upTo: readonly Draft[], report: Report): Draft {
  const { weightsOf, path, options } = draft;
  if (weightsOf === undefined || draft.type === undefined) return draft;
  const owner = ownerOf(draft, upTo);
  if (isFault(owner)) {
    report([...path, 'weightsOf'], owner.found, owner.expected);
    return { ...draft, options: undefined };
  }
  const whole = owner.options && options && inherited(owner.options, options);
  if (whole !== undefined) reportStrayNumbers(whole, path, report);
  return { ...draft, options: whole };
}

/** Reads what one layer says of itself. */
function draftLayer(value: unknown, path: Path, report: Report): Draft {
  const nothing: Draft = {
    path,
    type: undefined,
    name: undefined,
    inputs: undefined,
    weightsOf: undefined,
    readsBefore: true,
    isFrozen: false,
    options: undefined,
  };
  if (!isRecord(value)) {
    report(path, show(value), 'expected a layer: an object with a type');
    return nothing;
  }
  const type = readType(field(value, 'type'), path, report);
  const name = readLayerName(field(value, 'name'), path, report);
  const inputs = check(inputsSchema.optional(), field(value, 'inputs'), [...path, 'inputs'], report);
  if (type === undefined) return { ...nothing, name, inputs };
  const { hasParameters, options: own } = definitionOf(type);
  const keys = ['type', 'name', 'inputs', ...Object.keys(own.shape), ...(hasParameters ? ['weightsOf'] : [])];
  if (hasParameters || field(value, 'trainable') !== undefined) keys.push('trainable');
  const weightsOf = hasParameters && check(weightsOfSchema, field(value, 'weightsOf'), [...path, 'weightsOf'], report);
  const misspelt = reportUnknownKeys(value, keys, path, type, report);
  const readsBefore = field(value, 'inputs') === undefined && !misspelt.has('inputs');
  return {
    path,
    type,
    name,
    inputs,
    weightsOf,
    readsBefore,
    isFrozen: readTrainable(type, value, path, report) === false,
    options: readOptions(type, value, misspelt, path, report),
  };
}

function readType(type: unknown, path: Path, report: Report): LayerKind | undefined {
  if (isLayerKind(type)) return type;
  const why = outOfScope(type);
  const expected = why === undefined ? withGuess(oneOf(layerKinds), type, layerKinds) : `${oneOf(layerKinds)}; ${why}`;
  report([...path, 'type'], show(type), expected);
  return undefined;
}

/** Whether the parameters of a layer learn; a layer that has none is not asked. */
function readTrainable(type: LayerKind, layer: Fields, path: Path, report: Report): boolean | undefined {
  const value = field(layer, 'trainable');
  const place = [...path, 'trainable'];
  const isOwner = definitionOf(type).hasParameters && field(layer, 'weightsOf') === undefined;
  if (value === undefined || isOwner) return check(trainableSchema, value, place, report);
  const why = definitionOf(type).hasParameters
    ? 'it is for the layer that owns the weights'
    : `${type} has no parameters`;
  report(place, show(value), `expected no trainable here: ${why}`);
  return undefined;
}

/** A bad name is reported and still returned, so that the layers that read it are not reported as well. */
function readLayerName(name: unknown, path: Path, report: Report): string | undefined {
  const place = [...path, 'name'];
  if (check(layerNameSchema.optional(), name, place, report) === 'input') {
    report(place, '"input"', "expected another name: 'input' is the network's input");
  }
  return typeof name === 'string' ? name : undefined;
}

/** The options of a layer with their defaults, or undefined where one is wrong. */
function readOptions(
  type: LayerKind,
  layer: Fields,
  misspelt: ReadonlySet<string>,
  path: Path,
  report: Report,
): Fields | undefined {
  const schema = definitionOf(type).options;
  let good = true;
  const values: Record<string, unknown> = {};
  for (const key of Object.keys(schema.shape)) {
    const value = field(layer, key);
    // What a layer with the weights of another does not state, it has from there.
    if (value === undefined && (misspelt.has(key) || field(layer, 'weightsOf') !== undefined)) continue;
    const parsed = check(schema.shape[key] as z.ZodType, value, [...path, key], (...problem) => {
      good = false;
      report(...problem);
    });
    if (parsed !== undefined) values[key] = parsed;
  }
  reportStrayNumbers(values, path, report);
  return good && misspelt.size === 0 ? values : undefined;
}

/** A number beside an activation that does not take it. A rule across options would cost a schema its shape. */
function reportStrayNumbers(options: Fields, path: Path, report: Report): void {
  const activation = field(options, 'activation') as ActivationName | undefined;
  if (activation === undefined) return;
  for (const key of parametersOfActivations) {
    if (field(options, key) === undefined || activationParameters[activation]?.includes(key)) continue;
    const takers = activationNames.filter((name) => activationParameters[name]?.includes(key));
    const found = `${show(field(options, key))} beside activation ${show(activation)}`;
    report([...path, key], found, `expected no ${key} here: it belongs to activation ${takers.join(', ')}`);
  }
}

const parametersOfActivations = [...new Set(Object.values(activationParameters).flat())];

/** Gives a default name to each layer without one: its type and its number among the layers of that type. */
function nameLayers(drafts: readonly Draft[]): Draft[] {
  const taken = new Set(drafts.map((draft) => draft.name));
  const last = new Map<LayerKind, number>();
  return drafts.map((draft) => {
    if (draft.type === undefined) return draft;
    let number = (last.get(draft.type) ?? 0) + 1;
    // A user's own `conv2d2` keeps its name; the numbers go on behind it.
    while (draft.name === undefined && taken.has(`${draft.type}${number}`)) number++;
    last.set(draft.type, number);
    return { ...draft, name: draft.name ?? `${draft.type}${number}` };
  });
}

/** Where each name stands first; a name that stands twice is reported. */
function positionsByName(
  drafts: readonly Draft[],
  inputNames: readonly string[],
  report: Report,
): ReadonlyMap<string, number> {
  const positions = new Map<string, number>();
  for (const [position, { name, path }] of drafts.entries()) {
    if (name === undefined) continue;
    const first = positions.get(name);
    if (name !== 'input' && inputNames.includes(name)) {
      report([...path, 'name'], `${show(name)}, which is the name of an input`, 'expected a name that no input has');
    }
    if (first === undefined) positions.set(name, position);
    else {
      const found = `${show(name)}, which is the name of ${showPath(drafts[first]!.path)}`;
      report([...path, 'name'], found, 'expected a name that no other layer has');
    }
  }
  return positions;
}

/** The names of the layers that a layer reads, each an earlier one; undefined where that cannot be told. */
function resolveInputs(
  draft: Draft,
  position: number,
  drafts: readonly Draft[],
  positions: ReadonlyMap<string, number>,
  inputNames: readonly string[] | undefined,
  report: Report,
): readonly string[] | undefined {
  const names = inputNames ?? ['input'];
  const before = position === 0 ? names[0] : drafts[position - 1]!.name;
  const inputs = draft.readsBefore && before !== undefined ? [before] : draft.inputs;
  if (position === 0 && draft.readsBefore && names.length > 1) {
    report([...draft.path, 'inputs'], 'nothing', `expected the inputs that the first layer reads: ${names.join(', ')}`);
    return inputs;
  }
  draft.inputs?.forEach((name, i) => {
    const found = names.includes(name) ? -1 : positions.get(name);
    if ((found !== undefined && found < position) || inputNames === undefined) return;
    reportUnknownInput(name, found, [...draft.path, 'inputs', i], names, drafts.slice(0, position), report);
  });
  if (inputs !== undefined && draft.type !== undefined) reportArity(draft, inputs.length, report);
  return inputs;
}

/** @param found the position of the layer with that name, which is no earlier one */
function reportUnknownInput(
  name: string,
  found: number | undefined,
  path: Path,
  inputNames: readonly string[],
  earlier: readonly Draft[],
  report: Report,
): void {
  // The default name of a layer of unknown type is unknown too; its type is the problem to mend.
  if (found === undefined && earlier.some((draft) => draft.name === undefined)) return;
  const names = [...inputNames, ...earlier.flatMap(({ name: one }) => (isName(one) ? one : []))];
  const which = found === undefined ? '' : found === earlier.length ? ', the layer itself' : ', a later layer';
  report(path, `${show(name)}${which}`, withGuess(`expected an earlier layer (${listNames(names)})`, name, names));
}

/** A name that breaks the rule is reported where it stands. In a list it would reach the terminal as it is. */
function isName(name: string | undefined): name is string {
  return name !== undefined && layerNameSchema.safeParse(name).success;
}

/** The last names are the nearest ones: `input, …, add17, conv2d18`. */
function listNames(names: readonly string[]): string {
  const shown = names.length <= maxNames ? names : [names[0], '…', ...names.slice(2 - maxNames)];
  return shown.join(', ');
}

function reportArity(draft: Draft, count: number, report: Report): void {
  const many = definitionOf(draft.type!).arity === 'many';
  if (many ? count >= 2 : count === 1) return;
  const expected = many ? 'expected the names of at least two earlier layers' : 'expected exactly one input';
  // Without `inputs` a layer reads the layer before, which for these is one too few.
  const found = draft.readsBefore ? 'nothing' : `${count} input${count === 1 ? '' : 's'}`;
  report([...draft.path, 'inputs'], found, `${expected} for ${draft.type}`);
}

/** Reports the keys that are not known and returns the known ones they were probably meant to be. */
function reportUnknownKeys(
  value: Fields,
  known: readonly string[],
  path: Path,
  owner: string,
  report: Report,
): ReadonlySet<string> {
  const meant = new Set<string>();
  const absent = known.filter((key) => !Object.hasOwn(value, key));
  for (const key of Object.keys(value)) {
    if (known.includes(key)) continue;
    const guess = nearest(key, absent);
    if (guess !== undefined) meant.add(guess);
    const advice = guess === undefined ? `expected only ${known.join(', ')}` : `did you mean ${guess}?`;
    report([...path, key], `a key that ${owner} does not have`, advice);
  }
  return meant;
}

/** Checks one value; reports what its schema says of it and returns undefined where it is wrong. */
function check<T>(schema: z.ZodType<T>, value: unknown, path: Path, report: Report): T | undefined {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  for (const issue of result.error.issues) {
    const within = issue.path.map((step) => (typeof step === 'symbol' ? String(step) : step));
    const found = within.reduce<unknown>(
      (outer, step) => (outer === null || outer === undefined ? undefined : (outer as Fields)[step]),
      value,
    );
    report([...path, ...within], show(found), withGuess(expectation(issue.message), found, wordsOf(issue)));
  }
  return undefined;
}

/** The message of a schema that states its own, or the part of zod's that says what would be right. */
function expectation(message: string): string {
  const expected = /expected .*/s.exec(message)?.[0] ?? message;
  return expected.replace(/, received .*$/s, '').replace(/^expected boolean$/, 'expected true or false');
}

/** The words that would have been right, where only certain words are. */
function wordsOf(issue: z.core.$ZodIssue): string[] {
  if (issue.code === 'invalid_value') return issue.values.map(String);
  if (issue.code === 'invalid_union') return issue.errors.flat().flatMap(wordsOf);
  return [];
}

/** The words to choose from; of a long list, its beginning: docs/spec.md has all. */
function oneOf(words: readonly string[]): string {
  const most = 16;
  if (words.length <= most) return `expected one of ${words.join(', ')}`;
  return `expected one of ${words.slice(0, most).join(', ')}, … (${words.length} in all)`;
}

function withGuess(expected: string, found: unknown, words: readonly string[]): string {
  const guess = typeof found === 'string' ? nearest(found, words) : undefined;
  return guess === undefined ? expected : `${expected}; did you mean "${guess}"?`;
}

/** The layers of a spec without problems. */
function finish(drafts: readonly Draft[]): Layer[] {
  // The type, the name and the options were checked against the registry's entry for the type: the one cast.
  return drafts.map(
    ({ type, name, inputs, options, weightsOf, isFrozen }) =>
      ({
        type,
        name,
        inputs,
        ...(isFrozen && { trainable: false }),
        options,
        ...(weightsOf === undefined ? {} : { weightsOf }),
      }) as Layer,
  );
}

function isRecord(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A value that the object itself has; what it inherits was not written by the user. */
function field(value: Fields, key: string): unknown {
  return Object.hasOwn(value, key) ? value[key] : undefined;
}

/**
 * The positions that lead to a place, from the top of the file inwards; a key that is missing comes after those that
 * are there.
 *
 * @param keyOrders the positions of the keys of the objects seen so far
 */
function placeInFile(spec: unknown, path: Path, keyOrders: Map<object, ReadonlyMap<string, number>>): number[] {
  let value = spec;
  return path.map((step) => {
    const outer = isRecord(value) || Array.isArray(value) ? (value as Fields) : {};
    value = outer[step];
    if (typeof step === 'number') return step;
    const order = keyOrders.get(outer) ?? new Map(Object.keys(outer).map((key, position) => [key, position]));
    keyOrders.set(outer, order);
    return order.get(step) ?? Number.MAX_SAFE_INTEGER;
  });
}

/** Orders two places as they stand in the file, what is around before what is inside. */
function comparePlaces(a: readonly number[], b: readonly number[]): number {
  const depth = a.findIndex((position, at) => position !== b[at]);
  return depth < 0 || depth >= b.length ? a.length - b.length : a[depth]! - b[depth]!;
}
