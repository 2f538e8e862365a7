import { setFlagsFromString } from 'node:v8';
import { assemble } from '../../generator/assembler/assemble.ts';
import { webAssembly } from './webAssembly.ts';

const probe = assemble(`(module (func (param $x v128) (result v128)
  (f32x4.relaxed_madd (local.get $x) (local.get $x) (local.get $x))))`);

/** Whether this engine has relaxed multiply-adds; Node 20 does once it is asked. */
export const hasRelaxedSimd = ((): boolean => {
  if (webAssembly.validate(probe)) return true;
  if (process.versions.node.startsWith('20.')) setFlagsFromString('--experimental-wasm-relaxed-simd');
  return webAssembly.validate(probe);
})();
