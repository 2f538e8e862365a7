import { type Claim, claims, type Failure, type Proof } from './proof.ts';

/** Arms that are listed one by one. */
const mostArms = 10;

/** A proof in words. */
export function printProof(proof: Proof): string {
  const { network, proved, rounds, slots } = proof;
  const points = `${count(rounds.random, 'random point')} and ${count(rounds.kinks, 'point')} on kinks`;
  return [
    `${network}: ${proved ? 'proved' : 'NOT PROVED'}, ${count(slots, 'gradient')} at ${points}`,
    ...claims.flatMap((claim) => printClaim(claim, proof)),
    ...printArms(proof),
    ...proof.helpers.map(
      ({ name, error }) =>
        `  ${name} is longhand's own, word for word, and taken for the function of that name; its largest error is ${error.toExponential(1)}`,
    ),
    '',
  ].join('\n');
}

/** What stands under the proofs, whatever the networks. */
export const meaning = `Proved means: in real arithmetic, in every region that a point lay in, read back from the emitted text. Points are random
residues modulo 2^61 − 1, so a wrong line escapes with a probability below 1e-12; on kinks, where conventions are
tested, points are small integers. Assumed are the derivatives and identities of exp, log, tanh, atan, √ and erf, and
the translator of the text. Not covered: rounding, cancellation, overflow, and what a model offers beside forward,
backward and step.`;

/** What a claim says, of a proof for which it holds. */
const statements: Readonly<Record<Claim, (proof: Proof) => string>> = {
  gradient: ({ hasLoss }) =>
    `backward is the derivative of this very forward pass: of ${hasLoss ? 'its loss' : 'Σ gradient·output'}`,
  reference: ({ hasLoss }) => `forward${hasLoss ? ' and the loss are' : ' is'} what the reference interpreter computes`,
  addition: () => 'backward adds to gradients, and no pass changes a parameter',
  step: ({ stepFormula }) => `step turns each parameter p into ${stepFormula}, and each gradient into 0`,
  kinks: () => 'where numbers tie or are 0, the gradient is the one that the spec defines',
  floats: () => 'the text that was run is the emitted one: all floats equal those of a plain run, bit for bit',
};

function printClaim(claim: Claim, proof: Proof): string[] {
  const failures = proof.failures.filter((failure) => failure.claim === claim);
  if (failures.length > 0) return failures.map((failure) => `  ✗ ${messageOf(failure)}`);
  // Of what was not looked at nothing is said.
  const isOpen = !proof.proved && proof.failures.length > 0;
  if (isOpen || (claim === 'kinks' && proof.rounds.kinks === 0)) return [];
  return [`  ✓ ${statements[claim](proof)}`];
}

function messageOf({ message, line }: Failure): string {
  return line === undefined || message.includes(`line ${line}`) ? message : `line ${line}: ${message}`;
}

function printArms({ arms: { total, onKinksOnly, untaken }, failures }: Proof): string[] {
  if (total === 0 || failures.length > 0) return [];
  const onKinks = onKinksOnly === 0 ? '' : `, ${onKinksOnly} of them on kinks only`;
  const lines = untaken.slice(0, mostArms).map(({ line, text }) => `    line ${line}: ${shorten(text)}`);
  const more = untaken.length > mostArms ? [`    and ${untaken.length - mostArms} more`] : [];
  const head = `  ${total - untaken.length} of ${total} arms of branches were taken${onKinks}`;
  return untaken.length === 0 ? [head] : [`${head}; nothing is shown of these:`, ...lines, ...more];
}

function shorten(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  return line.length > 100 ? `${line.slice(0, 48)} … ${line.slice(-48)}` : line;
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}
