import { Worker } from 'node:worker_threads';
import { type Model as Learner, workOnShare } from './share.ts';
import { arraysIn, bytesOf, changesSoon, count, type Shared, shareOf, turn, working } from './shared.ts';

/** What a team needs of a generated model. */
export interface Model extends Learner {
  step(rate: number): void;
}

/** Threads that train one model together. */
export interface Team {
  /**
   * One step on a batch, as `trainBatch` takes it, each thread having its share of the samples.
   *
   * @param inputs count × the input's numbers
   * @param targets count × the target's numbers
   * @returns the mean loss before the step
   * @throws the error of a thread that died; RangeError for more samples than the team was made for
   */
  step(inputs: Float32Array, targets: Float32Array, samples: number, rate: number): Promise<number>;
  /** Ends the other threads. */
  end(): Promise<void>;
}

/**
 * Threads with a model each and one block of memory for the parameters, the batch and every thread's gradients. This thread
 * is one of them.
 *
 * @param model the model that is trained, made by the same module
 * @param sizes `capacity` is the most samples that a step may have
 * @returns the team, once every thread has loaded the module
 * @throws the error of a thread that could not
 */
export async function createTeam(model: Model, sizes: Omit<Shared, 'memory'>): Promise<Team> {
  const { threads, capacity, inputSize, targetSize } = sizes;
  const shared: Shared = { ...sizes, memory: new SharedArrayBuffer(bytesOf(sizes)) };
  const arrays = arraysIn(shared.memory, shared);
  const { control } = arrays;
  Atomics.store(control, working, threads - 1);
  const others = Array.from({ length: threads - 1 }, (_, position) => position + 1).map(
    (thread) => new Worker(new URL('./start.mjs', import.meta.url), { workerData: { shared, thread } }),
  );
  const death = firstDeath(others);

  const othersAreDone = async (): Promise<void> => {
    for (let left = Atomics.load(control, working); left > 0; left = Atomics.load(control, working)) {
      if (changesSoon(control, working, left)) continue;
      // This thread sleeps so that the end of another is heard.
      const { async, value } = Atomics.waitAsync(control, working, left, 100);
      if (async) await Promise.race([value, death]);
    }
  };

  const end = async (): Promise<void> => {
    Atomics.store(control, turn, -1);
    Atomics.notify(control, turn);
    await Promise.all(others.map((one) => one.terminate()));
  };

  try {
    await othersAreDone();
  } catch (error) {
    await end();
    throw error;
  }
  return {
    async step(inputs, targets, samples, rate) {
      if (samples > capacity) throw new RangeError(`found ${samples} samples, expected at most ${capacity}`);
      arrays.parameters.set(model.parameters);
      arrays.inputs.set(inputs.subarray(0, samples * inputSize));
      arrays.targets.set(targets.subarray(0, samples * targetSize));
      Atomics.store(control, count, samples);
      Atomics.store(control, working, threads - 1);
      Atomics.add(control, turn, 1);
      Atomics.notify(control, turn);
      workOnShare(model, 0, samples, arrays, shared);
      await othersAreDone();
      addUp(model.gradients, arrays.gradients, 1 / samples);
      model.step(rate);
      return meanLoss(arrays.losses, threads, samples);
    },
    end,
  };
}

/** Rejects when one of the threads ends before it is told to. */
function firstDeath(others: readonly Worker[]): Promise<never> {
  const death = new Promise<never>((_, reject) => {
    for (const [position, worker] of others.entries()) {
      worker.on('error', (cause) => reject(new Error(`thread ${position + 2}: ${String(cause)}`, { cause })));
      worker.on('exit', (code) => reject(new Error(`thread ${position + 2} ended with code ${code}`)));
    }
  });
  // Between two steps nobody waits for it.
  death.catch(() => {});
  return death;
}

/** The mean gradient of a batch: every thread's sum, added up, times 1/samples. */
function addUp(total: Float32Array, parts: readonly Float32Array[], factor: number): void {
  for (let n = 0; n < total.length; n++) {
    let sum = 0;
    for (const part of parts) sum += part[n] as number;
    total[n] = factor * sum;
  }
}

function meanLoss(losses: Float64Array, threads: number, samples: number): number {
  return (
    losses.reduce((total, loss, thread) => {
      const [start, end] = shareOf(thread, threads, samples);
      return total + loss * (end - start);
    }, 0) / samples
  );
}
