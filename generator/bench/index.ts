export { benchNetwork, benchSubjectOf, type NetworkBench } from './bench.ts';
export { printBench } from './report.ts';
export { quick, thorough } from './timing.ts';
