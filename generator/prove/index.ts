export type { Proof } from './proof.ts';
export { type ProveOptions, proveNetwork, proveText } from './prove.ts';
export { meaning, printProof } from './report.ts';
