import type { EngineModule } from './engine.ts';

/** Every engine; loaded only in the process that runs it. */
export const engines = {
  longhand: () => import('./longhand.ts'),
  plainLoops: () => import('./plainLoops.ts'),
  tfjs: () => import('./tfjs.ts'),
  onnxruntime: () => import('./onnxruntime.ts'),
  convnetjs: () => import('./convnetjs.ts'),
  synaptic: () => import('./synaptic.ts'),
  jax: () => import('./jax.ts'),
} satisfies Record<string, () => Promise<EngineModule>>;

export type EngineName = keyof typeof engines;
