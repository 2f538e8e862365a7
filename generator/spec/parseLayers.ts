import type { LayerKind } from '../layers/registry.ts';
import type { Draft } from './layerDraft.ts';
import { nameLayers, positionsByName, resolveInputs } from './layerInputs.ts';
import { readOptions, reportStrayNumbers } from './layerOptions.ts';
import type { Layer } from './network.ts';
import { outOfScope } from './outOfScope.ts';
import { check, type Fields, field, isRecord, oneOf, type Report, reportUnknownKeys, withGuess } from './report.ts';
import {
  definitionOf,
  inputsSchema,
  isLayerKind,
  layerKinds,
  layerNameSchema,
  trainableSchema,
  weightsOfSchema,
} from './schema.ts';
import { inherited, isFault, ownerOf, sharesStatistics } from './sharedLayers.ts';
import { type Path, show } from './show.ts';

/** More would take minutes to write out, and a reader of the file could not follow them. */
const maxLayers = 10_000;

/** @param inputNames the names of the network's inputs, 'input' where there is one without; undefined where they are wrong */
export function parseLayers(value: unknown, inputNames: readonly string[] | undefined, report: Report): Draft[] {
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
  const fault = owner.options && whole && sharesStatistics(weightsOf, owner.options, whole);
  if (fault) report([...path, 'weightsOf'], fault.found, fault.expected);
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

/** The layers of a spec without problems. */
export function finish(drafts: readonly Draft[]): Layer[] {
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
