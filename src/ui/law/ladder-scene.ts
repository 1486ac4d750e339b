/** What the scaling chart shows: rungs that were measured, targets that are predicted, and the question to the analyst. */
import { divergedWords, leftOutNotes, survivorSealWords } from '../../checks/survivors.ts';
import type { Ladder } from '../../model/experiment.ts';
import type { Recipe } from '../../model/recipe.ts';
import type { RunResult, SealedPrediction } from '../../model/result.ts';
import type { FitReport, FitRequest } from '../../scaling/width/report.ts';
import { sealOf } from '../../experiment/queue.ts';
import { gridOver, rungPoints } from '../../analysis/rung-points.ts';
import type { CorpusFacts } from '../../experiment/protocol.ts';
import { abscissaOf, vocabularyOf, type Abscissa } from './abscissa.ts';
import { lawForecastOf, type LawForecast, type LawRung, type LawScene, type LawTarget } from './law-scene.ts';

interface Rung extends LawRung {
  width: number;
  /** Ids of the runs whose mean its loss is. */
  runs: string[];
}

interface Target extends LawTarget {
  width: number;
  sealed: SealedPrediction | null;
  /** Which of its seeds diverged, in words; empty where none did. */
  diverged: string;
  /** At which widths its seal rests on the seeds that survived, in words; empty where it does not. */
  sealedFromSurvivors: string;
}

export interface Scene extends LawScene {
  recipe: Recipe;
  rungs: Rung[];
  targets: Target[];
  ladder: { width: number; x: number }[];
  /** A sentence for each rung that was trained and has no point. */
  leftOut: string[];
  request: FitRequest | null;
}

export const lawOf = (inputs: FitRequest | null) => inputs && { kind: 'law' as const, inputs };

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

export function sceneOf({ recipe, ladder, seeds, runs, sealed, facts, excluded, abscissa }: SceneInput): Scene {
  const vocabulary = vocabularyOf(recipe, facts);
  const at = (width: number) => abscissaOf(abscissa, recipe, width, vocabulary);
  const mine = runs.filter((run) => run.recipe === recipe.name && seeds.includes(run.seed));
  const rungs = rungPoints(mine, ladder.rungs).map(({ x: width, loss, standardError, runs }) => ({
    id: String(width),
    title: `Width ${width}`,
    width,
    x: at(width),
    loss,
    standardError: standardError ?? null,
    runs,
    isIn: !excluded.includes(width),
  }));
  // A file or a link may name them in any order; the largest is the last one wherever they are read.
  const targets = [...ladder.targets]
    .sort((a, b) => a - b)
    .map((width) => ({ width, seal: sealOf(sealed, recipe, width) }))
    .map(({ width, seal }) => ({
      id: String(width),
      title: `Width ${width}`,
      text: String(width),
      width,
      x: at(width),
      sealed: seal,
      diverged: divergedWords(mine.filter((run) => run.width === width)),
      sealedFromSurvivors: survivorSealWords(mine, seal?.points),
    }));
  const all = [...ladder.rungs, ...ladder.targets].sort((a, b) => a - b).map((width) => ({ width, x: at(width) }));
  return {
    recipe,
    rungs,
    targets,
    ladder: all,
    entropy: facts?.evaluationEntropy ?? facts?.entropyRate ?? null,
    entropyOf: facts?.evaluationEntropy != null ? 'window' : 'corpus',
    leftOut: leftOutNotes(mine, ladder.rungs),
    request: requestFor(
      recipe,
      rungs,
      targets,
      all.map(({ x }) => x),
    ),
  };
}

function requestFor({ seedDraws }: Recipe, rungs: Rung[], targets: Target[], xs: number[]): FitRequest | null {
  const points = rungs
    .filter((rung) => rung.isIn)
    .map(({ x, loss, standardError, runs }) => ({
      x,
      loss,
      ...(standardError === null ? {} : { standardError, seeds: runs.length }),
    }));
  if (points.length === 0) return null;
  return { points, targets: targets.map(({ x }) => x), grid: gridOver(xs), seedDraws };
}

export interface Forecast extends LawForecast {
  width: number;
  /** As of its target, and the next one too. */
  diverged: string;
  sealedFromSurvivors: string;
  /** Widths that it was made from, ascending, where it is sealed and its seal tells. */
  sealedFrom: number[] | null;
}

export function forecastOf(target: Target, report: FitReport | null): Forecast | null {
  const forecast = lawForecastOf(target, report);
  const { width, diverged, sealedFromSurvivors, sealed } = target;
  const sealedFrom = sealed?.points?.map(({ x }) => x) ?? null;
  return forecast && { width, diverged, sealedFromSurvivors, sealedFrom, ...forecast };
}
