import type { NetworkSpec, Stage } from '../core/network.ts';
import type { Samples } from '../core/samples.ts';

/** One implementation of one network in this process. A call may be synchronous or not, as its users know it. */
export interface Engine {
  readonly version: string;
  /** Back to the initial parameters. */
  reset(): void | Promise<void>;
  /** `calls` forward passes of `batch` samples each. */
  forward(batch: number, calls: number): void | Promise<void>;
  /** `calls` training steps of `batch` samples each: parameters −= rate · the mean gradient. */
  step(batch: number, calls: number, rate: number): void | Promise<void>;
  /** The outputs of samples first … first + batch − 1. */
  output(first: number, batch: number): ArrayLike<number> | Promise<ArrayLike<number>>;
  /** In the order of the generated module. */
  parameters(): ArrayLike<number> | Promise<ArrayLike<number>>;
  /** Makes one more model, with buffers of its own. */
  another?(): object | Promise<object>;
  /** Addresses of the modules whose functions `tiers` tells about. */
  readonly modules?: readonly string[];
}

/** What an engine is made from. */
export interface Task {
  readonly spec: NetworkSpec;
  readonly stages: readonly Stage[];
  readonly samples: Samples;
  readonly directory: string;
  /** What else the contender says on its command line. */
  readonly options: readonly string[];
}

/** What a file of this folder exports. */
export interface EngineModule {
  load(task: Task): Promise<Engine>;
}

/** For peers that cannot do a task at all; never called, as the list of contenders says so. */
export function unable(): never {
  throw new Error('not offered');
}
