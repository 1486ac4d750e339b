/** When a run counts as diverged although none of its numbers overflowed. */

/** Nats above both chance and its own start at which a run has lost what training could give it. */
const EXCESS = 0.5;

/**
 * Updates that were made before a run's training loss left its level for good: half a nat above both ln V, the loss of
 * someone who knows nothing, and the run's own first loss, which is higher where the logits start large. Null for a run
 * that ends at or below that level, whatever happened on the way, and for one that learnt its training tokens by heart: its
 * evaluation loss may be as high, but its last training loss is not.
 *
 * @param trainLoss in nats; entry t is the loss after t updates, null where it was not finite.
 * @param finalEvalLoss in nats; null where there is none.
 */
export function divergenceStep(
  trainLoss: readonly (number | null)[],
  finalEvalLoss: number | null,
  vocabulary: number,
): number | null {
  const level = Math.max(Math.log(vocabulary), trainLoss[0] ?? -Infinity) + EXCESS;
  const last = trainLoss.at(-1) ?? Infinity;
  if (finalEvalLoss === null || finalEvalLoss <= level || last <= level) return null;
  return trainLoss.findLastIndex((loss) => loss !== null && loss <= level) + 1;
}
