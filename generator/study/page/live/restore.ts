import { readParts } from './address.ts';
import { put, refresh, reset, showNames } from './run.ts';
import { select } from './select.ts';
import { machine, session } from './session.ts';
import { drawCurve, makeSteps } from './train.ts';
import { find, parseElement } from './view.ts';

/** Shows what the address says: the seed, the input, what was done to the numbers, the step, the names and the choice. */
export function readAddress(): void {
  const { at, seed, naming, allDigits, preset, step, deeds } = readParts(location.hash);
  session.seed = seed;
  session.naming = naming;
  session.allDigits = allDigits;
  find<HTMLInputElement>('#seed').value = String(seed);
  find<HTMLSelectElement>('#names').value = naming;
  find<HTMLSelectElement>('#preset').value = preset;
  reset();
  for (const deed of deeds) {
    if (deed.kind === 'set') put(parseElement(machine, deed.element)!, deed.value);
    else {
      const done = makeSteps(deed.rate, deed.steps);
      if (done > 0) session.deeds = [...session.deeds, { ...deed, steps: done }];
    }
  }
  session.cursor = step;
  machine.run(step);
  showNames();
  select(at);
  refresh();
  drawCurve();
}
