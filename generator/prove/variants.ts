import type { Failure, Proof } from './proof.ts';

/** One proof of a module's two codes: it holds where both do. */
export function joinVariants(plain: Proof, relaxed: Proof): Proof {
  const failures = [...marked(plain, 'plain'), ...marked(relaxed, 'relaxed')];
  const { rounds, arms } = plain;
  return {
    ...plain,
    proved: plain.proved && relaxed.proved,
    failures,
    variants: ['plain', 'relaxed'],
    rounds: {
      random: rounds.random + relaxed.rounds.random,
      kinks: rounds.kinks + relaxed.rounds.kinks,
      undecided: rounds.undecided + relaxed.rounds.undecided,
    },
    arms: {
      total: arms.total + relaxed.arms.total,
      onKinksOnly: arms.onKinksOnly + relaxed.arms.onKinksOnly,
      untaken: [...arms.untaken, ...relaxed.arms.untaken],
    },
    recognized: [...new Set([...plain.recognized, ...relaxed.recognized])],
  };
}

/** The proof of a module whose relaxed code is its plain one but for multiply-adds: what holds of one holds of the other. */
export function withTwin(plain: Proof, failures: readonly Failure[]): Proof {
  const all = [...marked(plain, 'plain'), ...failures.map((failure) => ({ ...failure, variant: 'relaxed' as const }))];
  return { ...plain, proved: all.length === 0, failures: all, variants: ['plain', 'relaxed'], hasTwin: true };
}

function marked({ failures }: Proof, variant: 'plain' | 'relaxed'): readonly Failure[] {
  return failures.map((failure) => ({ ...failure, variant }));
}
