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
    ...printTwin(proof),
    ...printRecognized(proof),
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
the translator of the text; of WebAssembly the reader of its bytes, and that helpers which are longhand's own, instruction
for instruction, compute the functions that they are named for. Not covered: rounding, cancellation, overflow, and what a
model offers beside forward, backward, step and those for whole batches.`;

/** What a claim says, of a proof for which it holds. */
const statements: Readonly<Record<Claim, (proof: Proof) => string>> = {
  gradient: ({ hasLoss }) =>
    `backward is the derivative of this very forward pass: of ${hasLoss ? 'its loss' : 'Σ gradient·output'}`,
  reference: ({ hasLoss }) => `forward${hasLoss ? ' and the loss are' : ' is'} what the reference interpreter computes`,
  addition: () => 'backward adds to gradients, and no pass changes a parameter',
  batch: ({ hasStatistics }) =>
    hasStatistics
      ? 'the functions for many samples give the derivative through the means and variances of the batch, and move the averages'
      : 'the functions for many samples do what those for one do, one after the other',
  memory: () => 'every instruction stays in its array, and reads no place that nothing wrote; borders stay 0',
  step: ({ stepFormula }) => `step turns each parameter p into ${stepFormula}, and each gradient into 0`,
  kinks: () => 'where numbers tie or are 0, the gradient is the one that the spec defines',
  floats: ({ variants }) =>
    variants.length === 0
      ? 'the text that was run is the emitted one: all floats equal those of a plain run, bit for bit'
      : 'the code was read as engines read it: in float32 it computes what the engine here computes, bit for bit',
};

function printClaim(claim: Claim, proof: Proof): string[] {
  const failures = proof.failures.filter((failure) => failure.claim === claim);
  if (failures.length > 0) return failures.map((failure) => `  ✗ ${messageOf(failure)}`);
  // Of what was not looked at nothing is said.
  const isOpen = !proof.proved && proof.failures.length > 0;
  const isAbsent = claim === 'memory' && proof.variants.length === 0;
  if (isOpen || isAbsent || (claim === 'kinks' && proof.rounds.kinks === 0)) return [];
  return [`  ✓ ${statements[claim](proof)}`];
}

function messageOf({ message, line, place, variant }: Failure): string {
  const where = line === undefined || message.includes(`line ${line}`) ? place : `line ${line}`;
  const head = where === undefined ? message : `${where}: ${message}`;
  return variant === undefined ? head : `${variant} code: ${head}`;
}

function printTwin({ hasTwin, proved }: Proof): string[] {
  if (hasTwin !== true || !proved) return [];
  return [
    '  the code with relaxed multiply-adds is the plain one, instruction for instruction, but that a product and a sum are one:',
    '    all of this holds of both',
  ];
}

function printRecognized({ recognized }: Proof): string[] {
  if (recognized.length === 0) return [];
  const [are, functions] = recognized.length === 1 ? ['is', 'the function'] : ['are', 'the functions'];
  const names = recognized.join(', ').replace(/, (\w+)$/, ' and $1');
  return [
    `  ${names} ${are} longhand's own, instruction for instruction, and taken for ${functions} of that name: exact but for rounding`,
  ];
}

function printArms({ arms: { total, onKinksOnly, untaken }, failures }: Proof): string[] {
  if (total === 0 || failures.length > 0) return [];
  const onKinks = onKinksOnly === 0 ? '' : `, ${onKinksOnly} of them on kinks only`;
  const lines = untaken
    .slice(0, mostArms)
    .map(({ line, place, text }) => `    ${place ?? `line ${line}`}: ${shorten(text)}`);
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
