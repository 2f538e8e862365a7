import binaryen from 'binaryen';
import type { Assembler } from '../../generator/emit/wasm.ts';

/**
 * What `assemble` does, in this process: a test that assembles a hundred modules cannot start a process for each.
 *
 * @throws Error where a text is not a valid module
 */
export const assembleHere: Assembler = (texts) => texts.map(assembleOnce);

const assembled = new Map<string, Uint8Array>();

/** A text that was assembled before is not assembled again: the plain module stands in two kinds of file. */
function assembleOnce(text: string): Uint8Array {
  const bytes = assembled.get(text) ?? assembleText(text);
  assembled.set(text, bytes);
  return bytes;
}

function assembleText(text: string): Uint8Array {
  const module = binaryen.parseText(text);
  try {
    module.setFeatures(binaryen.Features.All);
    if (!module.validate()) throw new Error('the module is not valid');
    module.runPasses(['reorder-locals', 'vacuum']);
    return module.emitBinary();
  } finally {
    module.dispose();
  }
}
