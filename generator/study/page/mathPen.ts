import type { FunctionName } from '../../equations/functionName.ts';
import { atom, product, sum, ternary } from '../../print/functionText.ts';
import type { Pen } from './statements.ts';

/** Mathematics: `W1[1,1]·x[0,0]`; `name` says how an element is called. */
export function mathPen(name: (tensor: number, offset: number, outer: number) => string): Pen {
  const words: Partial<Record<FunctionName, string>> = { sigmoid: 'σ', sqrt: '√', normalCdf: 'Φ' };
  return {
    element: name,
    number: String,
    times: '·',
    minus: '−',
    call(fn, print) {
      if (fn === 'square') return { text: `${print(atom)}²`, own: product };
      const u = print(ternary);
      return { text: fn === 'abs' ? `|${u}|` : `${words[fn] ?? fn}(${u})`, own: atom };
    },
    where: (left, sign, right, yes, no) =>
      no === '0'
        ? { text: `[${left} ${sign} ${right}]·${yes(product)}`, own: product }
        : { text: `(${yes(sum)} if ${left} ${sign} ${right} else ${no})`, own: atom },
    reduce: (kind, parts) =>
      kind === 'logSumExp' ? `log(${parts.map((one) => `exp(${one})`).join(' + ')})` : `${kind}(${parts.join(', ')})`,
  };
}
