/** What was measured twice, by somebody who sent a link and here, run by run. */
import type { RunResult } from '../../model/result.ts';
import { isOver } from '../../model/result.ts';
import type { Results } from '../state/results.svelte.ts';

export interface Twice {
  /** The run both have. */
  run: RunResult;
  there: number | null;
  here: number | null;
}

/** Runs of recipes that are the same in both, in the order of the link; null stands for one that diverged. */
export function measuredTwice(
  there: Pick<Results, 'experiment' | 'runs'>,
  here: Pick<Results, 'experiment' | 'runs'>,
): Twice[] {
  const recipes = there.experiment?.recipes.filter((recipe) =>
    here.experiment?.recipes.some((other) => JSON.stringify(other) === JSON.stringify(recipe)),
  );
  const names = new Set(recipes?.map(({ name }) => name));
  const own = new Map(here.runs.filter(isOver).map((run) => [run.id, run]));
  return there.runs.flatMap((run) => {
    const other = own.get(run.id);
    return other && names.has(run.recipe) ? [{ run, there: lossOf(run), here: lossOf(other) }] : [];
  });
}

const lossOf = ({ status, finalEvalLoss }: RunResult): number | null => (status === 'done' ? finalEvalLoss : null);

/** How far the two are apart, in one sentence. */
export function apartWords(pairs: readonly Twice[]): string {
  const runs = `${pairs.length} ${pairs.length === 1 ? 'run' : 'runs'}`;
  const both = pairs.filter((one) => one.there !== null && one.here !== null);
  const lost = pairs.filter((one) => (one.there === null) !== (one.here === null)).length;
  const most = Math.max(0, ...both.map((one) => Math.abs(one.there! - one.here!)));
  const diverged = lost > 0 ? `; ${lost} diverged in one of the two only` : '';
  if (most === 0 && lost === 0) return `${runs} measured here, too: the same losses, digit for digit.`;
  return `${runs} measured here, too: at most ${most < 0.001 ? most.toExponential(0) : most.toFixed(3)} nats apart${diverged}.`;
}
