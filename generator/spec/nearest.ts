/** The candidate that the word is most likely a misspelling of; undefined where none is close. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  const plainWord = plain(word);
  let best: string | undefined;
  let bestDistance = Number.POSITIVE_INFINITY;
  for (const candidate of candidates) {
    const plainCandidate = plain(candidate);
    const longer = Math.max(plainWord.length, plainCandidate.length);
    // Names end at 64 characters: a longer word is not a slip of the hand, and not worth a quadratic comparison.
    if (longer > 64) continue;
    const distance = editDistance(plainWord, plainCandidate);
    if (distance <= Math.max(1, Math.floor(longer / 3)) && distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** Letters and digits only, so that `kernel_size` and `KernelSize` are no distance from `kernelSize`. */
function plain(word: string): string {
  return word.toLowerCase().replace(/[^a-z0-9]/g, '');
}

/** Insertions, deletions, replacements and swaps of neighbours that turn one word into the other. */
function editDistance(from: string, to: string): number {
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: to.length + 1 }, (_, j) => j);
  for (let i = 1; i <= from.length; i++) {
    const current = [i];
    for (let j = 1; j <= to.length; j++) {
      const replaced = previous[j - 1]! + (from[i - 1] === to[j - 1] ? 0 : 1);
      const swapped =
        from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1]
          ? (beforePrevious[j - 2] ?? Number.POSITIVE_INFINITY) + 1
          : Number.POSITIVE_INFINITY;
      current[j] = Math.min(previous[j]! + 1, current[j - 1]! + 1, replaced, swapped);
    }
    beforePrevious = previous;
    previous = current;
  }
  return previous[to.length]!;
}
