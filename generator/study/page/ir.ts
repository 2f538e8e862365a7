import type { FunctionName } from '../../equations/functionName.ts';

// What a page holds of a network: its equations as data, with numbers where the generator has objects.

/** A constant, then pairs of an index and its factor: 2i + p − 1 is [−1, i, 2, p, 1]. */
export type PageAffine = readonly number[];

export interface PageTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly role: string;
  /** The tensor that holds the numbers: itself, unless it is a view. */
  readonly store: number;
}

export interface PageIndex {
  readonly name: string;
  readonly size: number;
}

export interface PageRead {
  readonly kind: 'read';
  readonly tensor: number;
  readonly at: readonly PageAffine[];
}

export type PageExpression =
  | { readonly kind: 'number'; readonly value: number }
  | PageRead
  | { readonly kind: 'plus'; readonly terms: readonly PageExpression[] }
  | { readonly kind: 'times'; readonly factors: readonly PageExpression[] }
  | { readonly kind: 'divide'; readonly dividend: PageExpression; readonly divisor: PageExpression }
  | { readonly kind: 'call'; readonly name: FunctionName; readonly argument: PageExpression }
  | {
      readonly kind: 'where';
      readonly condition: PageCondition;
      readonly yes: PageExpression;
      readonly no: PageExpression;
    }
  | {
      readonly kind: 'sum' | 'max' | 'argmax' | 'logSumExp';
      readonly over: readonly number[];
      readonly body: PageExpression;
    }
  | {
      readonly kind: 'count';
      readonly over: readonly number[];
      readonly inside: readonly { readonly at: PageAffine; readonly size: number }[];
    };

export type PageCondition =
  | {
      readonly kind: 'compare';
      readonly sign: '>' | '<' | '=' | '≠';
      readonly left: PageExpression;
      readonly right: PageExpression;
    }
  | {
      readonly kind: 'winner';
      readonly winner: PageRead;
      readonly at: readonly PageAffine[];
      readonly sizes: readonly number[];
    }
  | { readonly kind: 'within'; readonly coordinate: { readonly at: PageAffine; readonly size: number } };

export interface PageEquation {
  readonly target: number;
  readonly at: readonly PageAffine[];
  readonly over: readonly number[];
  readonly value: PageExpression;
  readonly layer: string;
  readonly pass: 'forward' | 'loss' | 'backward' | 'step';
}

export interface PageParameter {
  readonly tensor: number;
  readonly name: string;
  /** Uniform in ±limit, or constant. */
  readonly initial:
    | { readonly kind: 'constant'; readonly value: number }
    | { readonly kind: 'uniform'; readonly limit: number };
}

export interface Preset {
  readonly caption: string;
  readonly input: readonly number[];
  readonly given?: readonly number[];
  readonly weights?: readonly number[];
}

export interface PageData {
  readonly name: string;
  readonly tensors: readonly PageTensor[];
  readonly indices: readonly PageIndex[];
  readonly equations: readonly PageEquation[];
  readonly parameters: readonly PageParameter[];
  readonly input: number;
  readonly output: number;
  /** The target, or ∂L/∂output where the caller gives that. */
  readonly given: number;
  readonly loss: number | null;
  /** Of a tensor its gradient, where it has one. */
  readonly gradients: readonly (readonly [tensor: number, gradient: number])[];
  readonly presets: readonly Preset[];
  readonly weights: readonly number[] | null;
  /** Names of a file beside the spec; `base` is where it begins to count. */
  readonly names: { readonly [name: string]: string };
  readonly base: number;
  readonly hasModule: boolean;
}
