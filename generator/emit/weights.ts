import type { PackedWeights } from '../exchange/weights/pack.ts';
import { format } from './format.ts';

/** The weights that are built into a module, as the templates show them. */
export interface WeightsView {
  readonly precision: string;
  readonly size: string;
  readonly isFloat64: boolean;
  readonly isFloat32: boolean;
  readonly isFloat16: boolean;
  readonly isInt8: boolean;
  readonly pieces: PackedWeights['pieces'];
  /** Lines of base64. */
  readonly lines: readonly string[];
}

/** Columns of a line of base64. */
const columns = 120;

export function viewWeights({ precision, bytes, pieces }: PackedWeights): WeightsView {
  return {
    precision,
    size: format(bytes.length),
    isFloat64: precision === 'float64',
    isFloat32: precision === 'float32',
    isFloat16: precision === 'float16',
    isInt8: precision === 'int8',
    pieces,
    lines:
      Buffer.from(bytes)
        .toString('base64')
        .match(new RegExp(`.{1,${columns}}`, 'g')) ?? [],
  };
}
