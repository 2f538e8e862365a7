import {
  type Exports,
  type Program,
  referenceHelpers,
  runPlain,
  runTranslated,
} from '../../generator/prove/program.ts';
import { Ring } from '../../generator/prove/ring.ts';
import { Tape } from '../../generator/prove/tape.ts';
import { translate } from '../../generator/prove/translate.ts';

/** The text of a module in a ring. */
export function exact(text: string, ring: Ring = new Ring(1, new Tape())): Program {
  const translation = translate(text, { file: 'module.ts', branches: true, helpers: referenceHelpers });
  ring.visited = new Uint8Array(translation.places);
  return runTranslated(translation, ring, () => runPlain(text));
}

/** A function of a module as it is, and translated. */
export function both<F>(text: string, name: string, ring?: Ring): { readonly plain: F; readonly exact: F } {
  const pick = (exports: Exports): F => exports[name] as F;
  return { plain: pick(runPlain(text)), exact: pick(exact(text, ring).exports) };
}
