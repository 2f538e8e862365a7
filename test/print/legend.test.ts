import { describe, expect, it } from 'vitest';
import { generate } from '../../generator/index.ts';
import { block } from '../winograd/block.ts';

function legendOf(options: { readonly winograd: boolean }): string {
  const text = generate(block(8), { form: 'fast', ...options })[0]!.content;
  return text.slice(text.indexOf('How to read it'), text.indexOf('export function createModel'));
}

describe('The legend of a file', () => {
  it('explains the arrays and matrices of transformed tiles, and how to be rid of them', () => {
    const legend = legendOf({ winograd: true });
    expect(legend).toMatch(/Uz1, Vz1 +z1 goes by tiles \(Winograd\).* Gz1, Uz1 its kernel, Dz1, Vz1 .* --no-winograd/);
    expect(legend).toMatch(/A43,B43,G43 +matrices of constants/);
  });

  it('says nothing of tiles where there are none', () => {
    expect(legendOf({ winograd: false })).not.toMatch(/Winograd|matrices of constants/);
  });

  it.each([true, false])('gives a letter of tiles no second meaning (tiles: %s)', (winograd) => {
    expect(legendOf({ winograd })).not.toMatch(/m copy of a channel|n place in a flat list/);
  });
});
