import type { Operator } from '../context.ts';
import { activations } from './activations.ts';
import { convolutions } from './convolutions.ts';
import { dense } from './dense.ts';
import { elementwise } from './elementwise.ts';
import { normalizations } from './normalizations.ts';
import { pools } from './pools.ts';
import { resizes } from './resize.ts';
import { selections } from './selections.ts';
import { shapes } from './shapes.ts';
import { statistics } from './statistics.ts';

/** Every operator of ONNX that can be expressed, by its name. */
export const operators: Readonly<Record<string, Operator>> = {
  ...convolutions,
  ...dense,
  ...pools,
  ...normalizations,
  ...activations,
  ...elementwise,
  ...shapes,
  ...selections,
  ...resizes,
  ...statistics,
};
