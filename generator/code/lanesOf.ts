import { lanes } from '../schedule/loops/vectorPolicy.ts';
import type { Lanes, Test, Value } from './code.ts';
import { partsOf } from './parts.ts';

/** Of how many numbers a value is. */
export function lanesOf(value: Value): Lanes {
  switch (value.kind) {
    case 'number':
    case 'argument':
    case 'fromInt':
    case 'extract':
      return 1;
    case 'splat':
      return lanes;
    case 'local':
      return value.local.lanes ?? 1;
    case 'load':
      return value.lanes ?? 1;
    case 'plus':
    case 'times':
    case 'divide':
    case 'call':
    case 'max':
    case 'select': {
      const last = partsOf(value).at(-1);
      return last === undefined ? 1 : lanesOf(last);
    }
  }
}

/** How many answers a question has. */
export function lanesOfTest(test: Test): Lanes {
  if (test.kind === 'compare') return lanesOf(test.left);
  if (test.kind !== 'equal') return 1;
  const { left } = test;
  if (left.kind === 'splat') return lanes;
  const [variable] = left.kind === 'sum' ? [...left.terms.keys()] : [];
  return variable?.lanes ?? 1;
}
