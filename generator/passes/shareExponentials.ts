import { type Affine, type Index, indicesOf, plain, plainIndex } from '../equations/affine.ts';
import { type Equation, equation } from '../equations/equation.ts';
import {
  add,
  call,
  compare,
  divide,
  type Expression,
  type LogSumExp,
  number,
  one,
  type Read,
  read,
  sum,
  sumOver,
  where,
  zero,
} from '../equations/expression.ts';
import { type Names, withLetter } from '../equations/names.ts';
import { sameExpression } from '../equations/sameExpression.ts';
import { substitute } from '../equations/substitute.ts';
import type { Tensor } from '../equations/tensor.ts';
import { readsOf } from '../equations/visit.ts';
import type { Pass } from './pass.ts';

/** What one sum of exponentials is computed by. */
interface Shared {
  readonly exponentials: Tensor;
  readonly sum: Tensor;
  /** The u of log Σ exp u, over its own indices. */
  readonly body: Expression;
  /** The read in u that moves with what is summed. */
  readonly logit: Read;
  readonly equations: readonly Equation[];
}

/**
 * Computes every exponential of a softmax once, and divides: e^(u − l) with l = log Σ eᵘ is eᵘ/Σ eᵘ.
 *
 * The largest term of S is e⁰ = 1, beside which a small rest r would be rounded away. So l = log S is log(1 + r), with r
 * summed up without the one: r = (Σ_o [z[o] = m] − 1) + Σ_o e[o]·[z[o] ≠ m].
 */
export const shareExponentials: Pass<'program'> = {
  name: 'shareExponentials',
  does: 'every exponential of a softmax is computed once, and divided by their sum',
  gives: 'program',
  rewrite:
    'l = log Σ_o exp(z[o] − m); a[o] = exp(z[o] − m − l)   →   e[o] = exp(z[o] − m); S = Σ_o e[o]; a[o] = e[o]/S',
  run(program) {
    const names = program.names.copy();
    const shared = new Map<Tensor, Shared>();
    const share = (source: Equation): readonly Equation[] => {
      if (source.value.kind !== 'logSumExp') {
        return [{ ...source, value: quotientOf(source.value, shared) ?? source.value }];
      }
      const split = splitLogSumExp(source, source.value, names);
      shared.set(source.target, split);
      return split.equations;
    };
    const { forward, backward } = program;
    return {
      ...program,
      names,
      forward: forward.flatMap(share),
      backward: backward.flatMap((one) => (one.pass === 'loss' ? share(one) : [one])),
    };
  },
};

/** e[o]/S, where a value is exp(u − l) of a sum that is known. */
function quotientOf(value: Expression, shared: ReadonlyMap<Tensor, Shared>): Expression | undefined {
  const known = normalised(value);
  const parts = known && shared.get(known.log.tensor);
  if (known === undefined || parts === undefined) return undefined;
  const logit = readsOf(known.of).find(({ tensor }) => tensor === parts.logit.tensor);
  if (logit === undefined || !isSameBody(known.of, logit, parts)) return undefined;
  return divide(read(parts.exponentials, logit.at), read(parts.sum, known.log.at));
}

function splitLogSumExp(source: Equation, { over, body }: LogSumExp, names: Names): Shared {
  const logit = readsOf(body).find(({ at }) => over.every((index) => indicesOf(at).includes(index)));
  const shift = readsOf(body).find(({ tensor }) => tensor.role === 'shift');
  if (logit === undefined || shift === undefined || !logit.at.every(isPlainOrConstant)) {
    throw new Error(
      `${source.target.name}: a sum of exponentials of what is not stored place by place, less its maximum`,
    );
  }
  const scale = (letter: string, shape: Tensor['shape']): Tensor => ({
    name: names.fresh(withLetter(letter, source.target.name)),
    shape,
    role: 'scale',
  });
  const exponentials = scale('e', logit.tensor.shape);
  const total = scale('S', source.target.shape);
  const rest = scale('r', source.target.shape);
  // Each equation and each sum has indices of its own.
  const own = freshIndices(over);
  const at = logit.at.map((coordinate) => own.get(plainIndex(coordinate) as Index) ?? coordinate);
  const e = read(exponentials, logit.at);
  return {
    exponentials,
    sum: total,
    body,
    logit,
    equations: [
      equation(exponentials, at, call('exp', substitute(body, own)), source),
      { ...source, target: total, value: sumOver(over, e) },
      { ...source, target: rest, value: restOf(e, logit, shift, over) },
      { ...source, value: call('log1p', read(rest, source.at)) },
    ],
  };
}

/** Σ e − 1 where e is 1 at the maximum: the maxima are counted, and the first of them is never added. */
function restOf(e: Read, logit: Read, shift: Read, over: readonly Index[]): Expression {
  const others = freshIndices(over);
  const small = where(compare(logit, '≠', shift), e, zero);
  const largest = substitute(where(compare(logit, '=', shift), one, zero), others);
  // In this order: the ones are gone before anything small is added.
  return add(sum([...others.values()], largest), number(-1), sumOver(over, small));
}

function freshIndices(over: readonly Index[]): ReadonlyMap<Index, Affine> {
  return new Map(over.map((index) => [index, plain({ ...index })]));
}

function isPlainOrConstant(coordinate: Affine): boolean {
  return indicesOf([coordinate]).length === 0 || plainIndex(coordinate) !== undefined;
}

/** The parts of exp(u − l). */
function normalised(value: Expression): { readonly of: Expression; readonly log: Read } | undefined {
  if (value.kind !== 'call' || value.name !== 'exp' || value.argument.kind !== 'plus') return undefined;
  const { terms } = value.argument;
  const last = terms.at(-1);
  if (last?.kind !== 'times' || last.factors.length !== 2) return undefined;
  const [sign, log] = last.factors;
  if (sign?.kind !== 'number' || sign.value !== -1 || log?.kind !== 'read') return undefined;
  return { of: { kind: 'plus', terms: terms.slice(0, -1) }, log };
}

/** Whether an expression is what the exponentials are of, where it reads `logit`. */
function isSameBody(e: Expression, logit: Read, { body, logit: own }: Shared): boolean {
  const by = new Map<Index, Affine>();
  for (const [axis, coordinate] of own.at.entries()) {
    const index = plainIndex(coordinate);
    if (index !== undefined) by.set(index, logit.at[axis] as Affine);
  }
  return sameExpression(substitute(body, by), e);
}
