/** A function of one vector. */
export interface WasmFunction {
  /** Locals beside the argument x. */
  readonly locals: readonly string[];
  readonly body: readonly string[];
  readonly needs: readonly HelperName[];
}

export type HelperName =
  | 'exp'
  | 'expm1'
  | 'log'
  | 'log1p'
  | 'log1pExp'
  | 'sigmoid'
  | 'tanh'
  | 'atan'
  | 'erf'
  | 'normalCdf';
