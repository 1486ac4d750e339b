/**
 * A width some of whose seeds diverged. The mean of those that survived is of other luck than the mean of all, so no law, no
 * comparison and no verdict is made from it; this is what is said instead.
 */
import type { RunResult } from '../model/result.ts';

type Ended = Pick<RunResult, 'width' | 'seed' | 'status' | 'divergedAt'>;

/** Seeds up to which each is told with its step. */
const FEW = 3;

/**
 * "1 of 3 seeds diverged (seed 2 at step 40)"; empty where none did.
 * @param runs of one recipe at one width.
 */
export function divergedWords(runs: readonly Ended[]): string {
  const lost = runs.filter(({ status }) => status === 'diverged');
  if (lost.length === 0) return '';
  // Results of earlier versions do not tell the step.
  const when = ({ divergedAt }: Ended) => (divergedAt == null ? '' : ` at step ${divergedAt}`);
  if (runs.length === 1) return `seed ${lost[0].seed} diverged${when(lost[0])}`;
  const each = lost.length > FEW ? '' : ` (${lost.map((run) => `seed ${run.seed}${when(run)}`).join(', ')})`;
  return `${lost.length} of ${runs.length} seeds diverged${each}`;
}

/**
 * One sentence for each of the widths that is left out of what is made from losses because a seed diverged there.
 * @param runs of one recipe.
 */
export function leftOutNotes(runs: readonly Ended[], widths: readonly number[]): string[] {
  return [...widths]
    .sort((a, b) => a - b)
    .flatMap((width) => {
      const why = divergedWords(runs.filter((run) => run.width === width));
      return why ? [`Width ${width} takes no part: ${why}.`] : [];
    });
}

/**
 * What is said beside the verdict on a seal that an earlier version made also from the seeds that survived; empty of any other.
 * @param runs of the seal's recipe.
 * @param points that the seal was made from, by their widths.
 */
export function survivorSealWords(runs: readonly Ended[], points: readonly { x: number }[] = []): string {
  const lost = points.flatMap(({ x }) => {
    const why = divergedWords(runs.filter(({ width }) => width === x));
    return why ? [`width ${x}, where ${why}`] : [];
  });
  return lost.length === 0 ? '' : `sealed also from the seeds that survived at ${lost.join(', and at ')}`;
}
