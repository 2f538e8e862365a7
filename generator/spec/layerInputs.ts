import type { LayerKind } from '../layers/registry.ts';
import { present } from '../lists.ts';
import { type Draft, isName, listNames } from './layerDraft.ts';
import { type Report, withGuess } from './report.ts';
import { definitionOf } from './schema.ts';
import { type Path, show, showPath } from './show.ts';

/** Gives a default name to each layer without one: its type and its number among the layers of that type. */
export function nameLayers(drafts: readonly Draft[]): Draft[] {
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
export function positionsByName(
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
      const found = `${show(name)}, which is the name of ${showPath(present(drafts[first]).path)}`;
      report([...path, 'name'], found, 'expected a name that no other layer has');
    }
  }
  return positions;
}

/** The names of the layers that a layer reads, each an earlier one; undefined where that cannot be told. */
export function resolveInputs(
  draft: Draft,
  position: number,
  drafts: readonly Draft[],
  positions: ReadonlyMap<string, number>,
  inputNames: readonly string[] | undefined,
  report: Report,
): readonly string[] | undefined {
  const names = inputNames ?? ['input'];
  const before = position === 0 ? names[0] : drafts[position - 1]?.name;
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
  if (inputs !== undefined && draft.type !== undefined) reportArity(draft, draft.type, inputs.length, report);
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

function reportArity(draft: Draft, type: LayerKind, count: number, report: Report): void {
  const many = definitionOf(type).arity === 'many';
  if (many ? count >= 2 : count === 1) return;
  const expected = many ? 'expected the names of at least two earlier layers' : 'expected exactly one input';
  // Without `inputs` a layer reads the layer before, which for these is one too few.
  const found = draft.readsBefore ? 'nothing' : `${count} input${count === 1 ? '' : 's'}`;
  report([...draft.path, 'inputs'], found, `${expected} for ${type}`);
}
