import { setFlagsFromString } from 'node:v8';
import { assembleHere } from './assembleHere.ts';
import { webAssembly } from './webAssembly.ts';

const [probe] = assembleHere([
  `(module (func (param v128) (result v128)
    (f32x4.relaxed_madd (local.get 0) (local.get 0) (local.get 0))))`,
]) as [Uint8Array];

/** Whether this engine has relaxed multiply-adds; Node 20 does once it is asked. */
export const hasRelaxedSimd = ((): boolean => {
  if (webAssembly.validate(probe)) return true;
  if (process.versions.node.startsWith('20.')) setFlagsFromString('--experimental-wasm-relaxed-simd');
  return webAssembly.validate(probe);
})();
