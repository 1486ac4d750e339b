/** What the scaling chart shows: rungs that were measured, targets that are predicted, and the question to the fitter. */
import type { Ladder } from '../../model/experiment.ts';
import type { Recipe } from '../../model/recipe.ts';
import type { RunResult, SealedPrediction } from '../../model/result.ts';
import type { FitReport, FitRequest } from '../../scaling/report.ts';
import { rungPoints } from '../../workers/rung-points.ts';
import type { CorpusFacts } from '../../workers/protocol.ts';
import { abscissaOf, vocabularyOf, type Abscissa } from './abscissa.ts';

export interface Rung {
  width: number;
  x: number;
  /** Mean final evaluation loss over the seeds, nats per token. */
  loss: number;
  /** Standard error of that mean; null for a single seed. */
  standardError: number | null;
  /** Ids of the runs whose mean it is. */
  runs: string[];
  /** Whether the point takes part in the fit. */
  isIn: boolean;
}

export interface Target {
  width: number;
  x: number;
  sealed: SealedPrediction | null;
}

export interface Scene {
  recipe: Recipe;
  rungs: Rung[];
  targets: Target[];
  /** x of every width of the ladder, measured or not: the axis does not jump while points arrive. */
  ladder: { width: number; x: number }[];
  /** Loss nobody can beat: of the evaluation window where it is known, else the corpus's entropy rate. */
  entropy: number | null;
  /** What that entropy was taken over. */
  entropyOf: 'window' | 'corpus';
  request: FitRequest | null;
}

export interface SceneInput {
  recipe: Recipe;
  ladder: Ladder;
  seeds: readonly number[];
  runs: readonly RunResult[];
  sealed: readonly SealedPrediction[];
  facts: CorpusFacts | null;
  excluded: readonly number[];
  abscissa: Abscissa;
}

const GRID = 97;

export function sceneOf({ recipe, ladder, seeds, runs, sealed, facts, excluded, abscissa }: SceneInput): Scene {
  const vocabulary = vocabularyOf(recipe, facts);
  const at = (width: number) => abscissaOf(abscissa, recipe, width, vocabulary);
  const mine = runs.filter((run) => run.recipe === recipe.name && seeds.includes(run.seed));
  const rungs = rungPoints(mine, ladder.rungs).map(({ x: width, loss, standardError, runs }) => ({
    width,
    x: at(width),
    loss,
    standardError: standardError ?? null,
    runs,
    isIn: !excluded.includes(width),
  }));
  const targets = ladder.targets.map((width) => ({
    width,
    x: at(width),
    sealed: sealed.find((one) => one.recipe === recipe.name && one.width === width) ?? null,
  }));
  const all = [...ladder.rungs, ...ladder.targets].sort((a, b) => a - b).map((width) => ({ width, x: at(width) }));
  return {
    recipe,
    rungs,
    targets,
    ladder: all,
    entropy: facts?.evaluationEntropy ?? facts?.entropyRate ?? null,
    entropyOf: facts?.evaluationEntropy != null ? 'window' : 'corpus',
    request: requestFor(
      rungs,
      targets,
      all.map(({ x }) => x),
    ),
  };
}

function requestFor(rungs: Rung[], targets: Target[], xs: number[]): FitRequest | null {
  const points = rungs
    .filter((rung) => rung.isIn)
    .map(({ x, loss, standardError }) => ({ x, loss, ...(standardError === null ? {} : { standardError }) }));
  if (points.length === 0) return null;
  const lo = Math.min(...xs) * 0.9;
  const hi = Math.max(...xs) * 1.2;
  const grid = Array.from({ length: GRID }, (_, i) => lo * (hi / lo) ** (i / (GRID - 1)));
  return { points, targets: targets.map(({ x }) => x), grid };
}

/** A target's number as it stands now: sealed if it is, else what the present fit says. */
export interface Forecast {
  width: number;
  loss: number;
  lo: number;
  hi: number;
  isSealed: boolean;
  actual: number | null;
  verdict: SealedPrediction['verdict'];
}

export function forecastOf(target: Target, report: FitReport | null): Forecast | null {
  const { sealed, width, x } = target;
  if (sealed) {
    const { loss, lo, hi, actual, verdict } = sealed;
    return { width, loss, lo, hi, isSealed: true, actual, verdict };
  }
  const prediction = report?.predictions.find((one) => Math.abs(one.x / x - 1) < 1e-9);
  if (!prediction) return null;
  const [lo, hi] = prediction.intervals['80'];
  return { width, loss: prediction.loss, lo, hi, isSealed: false, actual: null, verdict: null };
}
