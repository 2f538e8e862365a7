export type { Claim, Failure, Proof } from './proof.ts';
export { type Progress, type ProveOptions, proveNetwork, proveText } from './prove.ts';
export { meaning, printProof } from './report.ts';
