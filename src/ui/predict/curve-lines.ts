/** Training losses made drawable: per width the mean over seeds, raw and smoothed, thinned to what a screen can show. */
import { runId } from '../../model/run.ts';
import type { Experiment } from '../../model/experiment.ts';
import type { Recipe } from '../../model/recipe.ts';
import { debiasedAverage, meanSeries, thinned } from '../chart/smoothing.ts';
import type { Series } from '../state/curves.svelte.ts';

type Line = readonly (readonly [step: number, loss: number])[];

export interface CurveLine {
  width: number;
  isTarget: boolean;
  color: string;
  raw: Line;
  smooth: Line;
  /** The smoothed loss at its last step. */
  last: number;
  /** Steps that were trained, of which a long line shows a sample. */
  trained: number;
}

const MOST_POINTS = 320;

/**
 * Returns a reader that gives back the same object for a width whose losses have not grown, so that what is finished is
 * not drawn again with every loss that comes.
 */
export function curveReader(seriesOf: (id: string) => Series, colorAt: (share: number) => string) {
  const known = new Map<number, { state: string; line: CurveLine }>();
  return ({ ladder, seeds }: Experiment, recipe: Recipe): CurveLine[] => {
    const widths = [...ladder.rungs, ...ladder.targets].sort((a, b) => a - b);
    return widths.flatMap((width, i) => {
      const series = seeds.map((seed) => seriesOf(runId(recipe, width, seed))).filter((one) => one.steps.length > 0);
      if (series.length === 0) return [];
      const isTarget = ladder.targets.includes(width);
      const color = isTarget ? 'var(--seal)' : colorAt(widths.length > 1 ? i / (widths.length - 1) : 0);
      const ends = series.map(({ losses }) => `${losses.length}:${losses[0]}:${losses[losses.length - 1]}`);
      const state = [color, recipe.steps, ...ends].join(' ');
      const before = known.get(width);
      if (before?.state === state) return [before.line];
      const line = { width, isTarget, color, ...numbersOf(series, recipe.steps) };
      known.set(width, { state, line });
      return [line];
    });
  };
}

function numbersOf(series: Series[], allSteps: number): Pick<CurveLine, 'raw' | 'smooth' | 'last' | 'trained'> {
  const { steps } = series.reduce((longest, one) => (one.steps.length > longest.steps.length ? one : longest));
  const raw = meanSeries(series.map((one) => one.losses));
  // Of a link there are means over windows of steps, which need the less smoothing the fewer they are.
  const share = raw.length / Math.max(raw.length, steps.at(-1)!);
  const smooth = debiasedAverage(raw, share * Math.max(3, allSteps / 60));
  const at = thinned(raw.length, MOST_POINTS);
  return {
    raw: at.map((k) => [steps[k], raw[k]] as const),
    smooth: at.map((k) => [steps[k], smooth[k]] as const),
    last: smooth[smooth.length - 1],
    trained: raw.length,
  };
}

/** Share of the steps that may lie above the axis: the first fall from so high that they would flatten what follows. */
const STEEP = 0.2;

/** What the y axis shows: the last four fifths of the steps reached so far, also those that are predicted. */
export function lossDomain(curves: readonly CurveLine[], predicted: readonly Line[] = []): [number, number] {
  const lines = [...curves.map(({ smooth }) => smooth), ...predicted];
  const steep = STEEP * Math.max(0, ...lines.map((line) => line.at(-1)?.[0] ?? 0));
  let lo = Infinity;
  let hi = -Infinity;
  for (const [step, loss] of lines.flat()) {
    if (!Number.isFinite(loss) || step <= steep) continue;
    lo = Math.min(lo, loss);
    hi = Math.max(hi, loss);
  }
  if (lo > hi) [lo, hi] = [curves[0]?.last ?? 0, (curves[0]?.last ?? 0) + 1];
  // Whole notches: the axis stands still while losses creep.
  return [Math.floor(lo * 10 - 0.2) / 10, Math.ceil(hi * 10 + 0.2) / 10];
}

/** Names of the columns of their numbers: whether these are all steps or a sample, and of how many seeds they are the mean. */
export function curveColumns(curves: readonly CurveLine[], seeds: number): { step: string; loss: string } {
  const longest = curves.reduce<CurveLine | null>(
    (most, one) => (one.trained > (most?.trained ?? 0) ? one : most),
    null,
  );
  const isSample = longest !== null && longest.raw.length < longest.trained;
  return {
    step: isSample ? `step (${longest.raw.length} of ${longest.trained})` : 'step',
    loss: seeds > 1 ? `training loss (mean of ${seeds} seeds)` : 'training loss',
  };
}
