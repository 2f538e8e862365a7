import type { LayerKind } from '../layers/registry.ts';
import type { Fields } from './report.ts';
import { layerNameSchema } from './schema.ts';
import type { Path } from './show.ts';

/** A layer while its neighbours are not known yet; what could not be understood is undefined. */
export interface Draft {
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

/** Names that a message lists. */
const maxNames = 12;

/** A name that breaks the rule is reported where it stands. In a list it would reach the terminal as it is. */
export function isName(name: string | undefined): name is string {
  return name !== undefined && layerNameSchema.safeParse(name).success;
}

/** The last names are the nearest ones: `input, …, add17, conv2d18`. */
export function listNames(names: readonly string[]): string {
  const shown = names.length <= maxNames ? names : [names[0], '…', ...names.slice(2 - maxNames)];
  return shown.join(', ');
}
