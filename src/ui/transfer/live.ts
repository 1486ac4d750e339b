/** Training losses of the cohort that trains now, as curves over the swept value: they sink while one looks on. */
import type { Experiment } from '../../model/experiment.ts';
import type { Run } from '../../model/run.ts';
import type { Series } from '../state/curves.svelte.ts';
import type { LiveCurve } from './scene.ts';

/** Last losses that are averaged: one batch's loss jumps. */
const WINDOW = 12;

/**
 * @param runs of the cohort that trains now
 * @returns the live curves of a recipe, none for sizes that do not train now
 */
export function liveCurves(
  { study, ladder }: Experiment,
  runs: readonly Run[],
  seriesOf: (id: string) => Series,
): (recipe: string) => LiveCurve[] {
  if (study.kind !== 'transfer') return () => [];
  const { sweep, depths } = study;
  const sizes = [...(depths ?? ladder.rungs)].sort((a, b) => a - b);
  return (recipe) => {
    const mine = runs.filter((run) => run.recipe.name === recipe);
    return sizes.flatMap((size, index) => {
      const here = mine.filter((run) => (depths ? run.recipe.layers : run.width) === size);
      const points = sweep.values.map((value) => {
        const losses = here
          .filter((run) => run.overrides[sweep.parameter] === value)
          .map(({ id }) => recentLoss(seriesOf(id).losses));
        return [value, losses.reduce((sum, loss) => sum + loss, 0) / losses.length] as const;
      });
      return points.some(([, loss]) => Number.isFinite(loss)) ? [{ index, points }] : [];
    });
  };
}

function recentLoss(losses: readonly number[]): number {
  const recent = losses.slice(-WINDOW);
  return recent.length === 0 ? NaN : recent.reduce((sum, loss) => sum + loss, 0) / recent.length;
}
