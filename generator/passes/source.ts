import type { ShapedNetwork } from '../spec/network.ts';

/** What of a program is asked for. */
export interface Asked {
  /** Forward only. */
  readonly inference?: boolean;
  /** Derive ∂L/∂x as well. */
  readonly inputGradient?: boolean;
}

/** What the first pass begins with. */
export interface Source {
  readonly network: ShapedNetwork;
  readonly asked: Asked;
  /** The form that the equations are written for. */
  readonly form: string;
}
