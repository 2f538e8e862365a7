import { workerData } from 'node:worker_threads';
import { type Model, workOnShare } from './share.ts';
import { arraysIn, changesSoon, count, type Shared, turn, working } from './shared.ts';

// A thread beside the one that asks for steps: it takes its share of each until there are no more.

const { shared, thread } = workerData as { readonly shared: Shared; readonly thread: number };
const arrays = arraysIn(shared.memory, shared);
const { control } = arrays;
const { createModel } = (await import(shared.module)) as { createModel(): Model };
const model = createModel();

// Ready; the first step may begin.
if (Atomics.sub(control, working, 1) === 1) Atomics.notify(control, working);
let seen = 0;
for (;;) {
  if (!changesSoon(control, turn, seen)) Atomics.wait(control, turn, seen);
  seen = Atomics.load(control, turn);
  if (seen < 0) break;
  workOnShare(model, thread, Atomics.load(control, count), arrays, shared);
  if (Atomics.sub(control, working, 1) === 1) Atomics.notify(control, working);
}
