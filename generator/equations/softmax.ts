import { type Affine, type Index, indicesOf, plain, plainIndex } from './affine.ts';
import { type Equation, equation } from './equation.ts';
import { add, call, divide, type Expression, type LogSumExp, negate, type Read, read, sumOver } from './expression.ts';
import { substitute } from './substitute.ts';
import type { Tensor } from './tensor.ts';

/**
 * Computes every exponential of a softmax once: e^(z − l) with l = m + log Σ e^(z − m) is e^(z − m) / Σ e^(z − m).
 *
 *   l = log Σ_o exp z[o]; a[o] = exp(z[o] − l)   →   e[o] = exp(z[o] − m); S = Σ_o e[o]; l = m + log S; a[o] = e[o]/S
 */
export function shareExponentials(forward: readonly Equation[]): readonly Equation[] {
  const shared = new Map<Tensor, { readonly exponentials: Tensor; readonly sum: Tensor; readonly logits: Tensor }>();
  return forward.flatMap((one): readonly Equation[] => {
    if (one.value.kind === 'logSumExp') {
      const split = splitLogSumExp(one, one.value);
      if (split === undefined) return [one];
      shared.set(one.target, split);
      return split.equations;
    }
    const known = normalised(one.value);
    const parts = known && shared.get(known.log.tensor);
    if (known === undefined || parts === undefined || parts.logits !== known.logit.tensor) return [one];
    return [{ ...one, value: divide(read(parts.exponentials, known.logit.at), read(parts.sum, known.log.at)) }];
  });
}

function splitLogSumExp(one: Equation, { over, body, shift }: LogSumExp) {
  if (body.kind !== 'read' || body.tensor.viewOf !== undefined || !body.at.every(isPlainOrConstant)) return undefined;
  const suffix = one.target.name.slice(1);
  const exponentials: Tensor = { name: `e${suffix}`, shape: body.tensor.shape, role: 'scale' };
  const sum: Tensor = { name: `S${suffix}`, shape: one.target.shape, role: 'scale' };
  // The summed indices stand on the left of the first equation, so that the sum needs others.
  const own = new Map<Index, Affine>(over.map((index) => [index, plain({ ...index })]));
  const exponential = call('exp', add(body, negate(shift)));
  const at = body.at.map((coordinate) => own.get(plainIndex(coordinate) as Index) ?? coordinate);
  return {
    exponentials,
    sum,
    logits: body.tensor,
    equations: [
      equation(exponentials, at, substitute(exponential, own), one),
      { ...one, target: sum, value: sumOver(over, read(exponentials, body.at)) },
      { ...one, value: add(shift, call('log', read(sum, one.at))) },
    ] as const,
  };
}

function isPlainOrConstant(coordinate: Affine): boolean {
  return indicesOf([coordinate]).length === 0 || plainIndex(coordinate) !== undefined;
}

/** The parts of exp(z − l). */
function normalised(value: Expression): { readonly logit: Read; readonly log: Read } | undefined {
  if (value.kind !== 'call' || value.name !== 'exp' || value.argument.kind !== 'plus') return undefined;
  const [logit, minus] = value.argument.terms;
  if (logit?.kind !== 'read' || minus?.kind !== 'times' || minus.factors.length !== 2) return undefined;
  const [sign, log] = minus.factors;
  if (sign?.kind !== 'number' || sign.value !== -1 || log?.kind !== 'read') return undefined;
  return { logit, log };
}
