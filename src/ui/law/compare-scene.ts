/** What the Compare view shows: each recipe with its rungs and targets, and the pair whose difference is looked at. */
import type { Experiment } from '../../model/experiment.ts';
import type { Recipe } from '../../model/recipe.ts';
import type { Comparison, Difference } from '../../model/scaling-results.ts';
import type { RunResult } from '../../model/result.ts';
import { runId, shareBatches } from '../../model/run.ts';
import type { FitReport } from '../../scaling/width/report.ts';
import { pairQuestion, pairsOf, type PairQuestion } from '../../analysis/compare-request.ts';
import { isOver } from '../../model/result.ts';
import type { CompareStudy } from '../state/compare-study.svelte.ts';
import { abscissaOf, vocabularyOf } from './abscissa.ts';
import { forecastOf, sceneOf, type Forecast, type Scene } from './ladder-scene.ts';
import { recipeStyle, type RecipeStyle } from './recipe-style.ts';

export interface ComparedSide {
  index: number;
  name: string;
  style: RecipeStyle;
  scene: Scene;
}

type Shown = Pick<CompareStudy, 'shownExperiment' | 'shown' | 'abscissa' | 'isTraining'>;
/** As many as a law needs. */
const LEAST_WIDTHS = 3;

/** Every recipe of the experiment on show. */
export function sidesOf({
  shownExperiment: { recipes, ladder, seeds },
  shown,
  abscissa,
}: Omit<Shown, 'isTraining'>): ComparedSide[] {
  const { runs, sealed } = shown;
  return recipes.map((recipe, index) => {
    const facts = shown.factsOf(recipe.name);
    const scene = sceneOf({ recipe, ladder, seeds, runs, sealed, facts, excluded: [], abscissa });
    return { index, name: recipe.name, style: recipeStyle(index), scene };
  });
}

/** The rungs at which every seed of both recipes is over. */
export function wholeRungs(
  { ladder, seeds }: Experiment,
  pair: readonly { name: string }[],
  runs: readonly RunResult[],
) {
  const over = new Set(runs.filter(isOver).map(({ id }) => id));
  return ladder.rungs.filter((width) =>
    pair.every((recipe) => seeds.every((seed) => over.has(runId(recipe, width, seed)))),
  );
}

/**
 * What is asked of every pair, in the order of `pairsOf`. While they train, only whole rungs are compared: a rung with
 * one recipe or some of the seeds would let the verdict swing with whichever run came last.
 */
export function questionsOf({ shownExperiment, shown, abscissa, isTraining }: Shown): PairQuestion[] {
  const place = (recipe: Recipe, width: number) =>
    abscissaOf(abscissa, recipe, width, vocabularyOf(recipe, shown.factsOf(recipe.name)));
  return pairsOf(shownExperiment.recipes).flatMap((pair) => {
    if (!isTraining) return pairQuestion(shownExperiment, pair, shown.runs, place);
    const widths = wholeRungs(shownExperiment, pair, shown.runs);
    const runs = shown.runs.filter(({ width }) => widths.includes(width));
    return widths.length < LEAST_WIDTHS ? [] : pairQuestion(shownExperiment, pair, runs, place);
  });
}

/** The chosen pair, or the first one where the choice points at recipes that are gone. */
export function pairIn(count: number, [i, j]: readonly [number, number]): [number, number] {
  return i < count && j < count && i !== j ? [Math.min(i, j), Math.max(i, j)] : [0, 1];
}

export const forecastsOf = ({ scene }: ComparedSide, report: FitReport | null): Forecast[] =>
  scene.targets.flatMap((target) => forecastOf(target, report) ?? []);

/** Recipe A less recipe B at one width, in nats. */
export interface MeasuredDifference {
  width: number;
  x: number;
  difference: number;
  /** Of the mean over the seeds that both have; null for a single seed. */
  standardError: number | null;
  isTarget: boolean;
}

/** The difference at each width that both recipes were trained at and no seed diverged, seed by seed where their batches are the same. */
export function measuredDifferences(
  a: ComparedSide,
  b: ComparedSide,
  runs: readonly RunResult[],
  seeds: readonly number[],
): MeasuredDifference[] {
  const arePaired = shareBatches(a.scene.recipe, b.scene.recipe);
  const lossOf = (side: ComparedSide, width: number, seed: number) =>
    runs.find((run) => run.recipe === side.name && run.width === width && run.seed === seed && run.status === 'done')
      ?.finalEvalLoss ?? null;
  const targets = new Set(a.scene.targets.map(({ width }) => width));
  const isLost = (width: number) =>
    runs.some((run) => run.width === width && run.status === 'diverged' && [a.name, b.name].includes(run.recipe));
  return a.scene.ladder.flatMap(({ width, x }) => {
    if (isLost(width)) return [];
    const pairs = seeds.flatMap((seed) => {
      const [one, other] = [lossOf(a, width, seed), lossOf(b, width, seed)];
      return one === null || other === null ? [] : [[one, other] as const];
    });
    if (pairs.length === 0) return [];
    const n = pairs.length;
    const difference = mean(pairs.map(([one, other]) => one - other));
    const variance = arePaired
      ? varianceOf(pairs.map(([one, other]) => one - other))
      : varianceOf(pairs.map(([one]) => one)) + varianceOf(pairs.map(([, other]) => other));
    const standardError = n > 1 ? Math.sqrt(variance / n) : null;
    return [{ width, x, difference, standardError, isTarget: targets.has(width) }];
  });
}

const mean = (values: readonly number[]) => values.reduce((sum, one) => sum + one, 0) / values.length;
const varianceOf = (values: readonly number[]) =>
  values.reduce((sum, one) => sum + (one - mean(values)) ** 2, 0) / (values.length - 1);

export interface Outcome {
  width: number;
  /** What the comparison says there; null while it says nothing. */
  predicted: Difference | null;
  measured: MeasuredDifference | null;
  /** Whether both predictions were sealed before they trained. */
  isSealed: boolean;
  /** Whether the one that was to win did; null where none was to, before it is measured, and where that is within its noise. */
  isRight: boolean | null;
  /** Whose seeds diverged there, in words; empty where none did. */
  diverged: string;
}

/** Each target of the pair, ascending: who was to win, and who did. */
export function outcomesOf(
  a: ComparedSide,
  b: ComparedSide,
  comparison: Comparison | null,
  differences: readonly MeasuredDifference[],
): Outcome[] {
  const targets = [...a.scene.targets].sort((p, q) => p.x - q.x);
  const isSettled = ['a', 'b', 'crossover'].includes(comparison?.verdict ?? '');
  return targets.map(({ width, x, sealed }) => {
    const predicted = comparison?.at.find((one) => Math.abs(one.x / x - 1) < 1e-9) ?? null;
    const measured = differences.find((one) => one.isTarget && one.width === width) ?? null;
    const isSealed = sealed !== null && b.scene.targets.some((one) => one.width === width && one.sealed !== null);
    const diverged = [a, b]
      .flatMap(({ name, scene }) => {
        const why = scene.targets.find((one) => one.width === width)?.diverged;
        return why ? [`${name}: ${why}`] : [];
      })
      .join('; ');
    const came = isSettled ? isRight(predicted, measured) : null;
    return { width, predicted, measured, isSealed, isRight: came, diverged };
  });
}

function isRight(predicted: Difference | null, measured: MeasuredDifference | null): boolean | null {
  if (!predicted || !measured || isWithinNoise(measured)) return null;
  return predicted.probability >= 0.5 === measured.difference < 0;
}

/** The same losses to the last digit, in every seed. */
export const isEqual = ({ difference, standardError }: MeasuredDifference): boolean =>
  difference === 0 && !standardError;

/** Two standard errors on either side of zero; a single seed knows of no noise. */
export const isWithinNoise = ({ difference, standardError }: MeasuredDifference): boolean =>
  Math.abs(difference) <= 2 * (standardError ?? 0);
