import type { State } from '../passes/pass.ts';
import type { ShapedNetwork } from '../spec/network.ts';
import { dumpEquations } from './dump.ts';
import {
  dumpJoined,
  dumpLoopCode,
  dumpLoopPlan,
  dumpNests,
  dumpParts,
  dumpPlaced,
  dumpScheduled,
} from './dumpLoops.ts';
import { dumpFunctions, dumpUnrolledPlan, dumpWrittenOut } from './dumpUnrolled.ts';

/** What a pass has given, as text. */
export function dumpState(network: ShapedNetwork, state: State): string {
  switch (state.kind) {
    case 'source':
      return '';
    case 'program':
      return dumpEquations(network, state.value);
    case 'parts':
      return dumpParts(state.value);
    case 'nests':
      return dumpNests(state.value);
    case 'joined':
      return dumpJoined(state.value);
    case 'scheduled':
      return dumpScheduled(state.value);
    case 'loops':
      return dumpLoopCode(state.value);
    case 'placed':
      return dumpPlaced(state.value);
    case 'statements':
      return dumpWrittenOut(state.value);
    case 'functions':
      return dumpFunctions(state.value);
  }
}

/** How a plan lays the network out in functions. */
export function dumpLayout(state: State): string {
  if (state.kind === 'loops' || state.kind === 'placed') return dumpLoopPlan(state.value);
  return state.kind === 'functions' ? dumpUnrolledPlan(state.value) : '';
}
