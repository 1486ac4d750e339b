/** What is asked about recipes that are compared: every pair of recipes with the losses of their rungs, seed by seed. */
import { settle } from '../checks/settled.ts';
import { leftOutNotes } from '../checks/survivors.ts';
import type { Experiment } from '../model/experiment.ts';
import { measurementsOf } from '../model/measurement.ts';
import { cannotTell } from '../model/past.ts';
import type { Recipe } from '../model/recipe.ts';
import type { RunResult } from '../model/result.ts';
import { shareBatches } from '../model/run.ts';
import type { Comparison } from '../model/scaling-results.ts';
import type { ComparedRecipe } from '../scaling/compare/runs.ts';
import type { Question } from './analyse.ts';
import type { Ask } from './ask.ts';
import { gridOver } from './rung-points.ts';

export interface PairQuestion extends Question<'comparison'> {
  /** Why their corpus cannot tell what they differ in. */
  cannotTell: string | null;
  /** What else must be said of the pair beside what the losses say. */
  remarks: string[];
}

type Compared = Pick<Experiment, 'recipes' | 'ladder' | 'seeds'>;
/** Where a width of a recipe stands on the x axis. */
type Place = (recipe: Recipe, width: number) => number;

/** Every pair, in the order of the recipes: the first with each later one, then the second. */
export const pairsOf = <T>(recipes: readonly T[]): [T, T][] =>
  recipes.flatMap((a, i) => recipes.slice(i + 1).map((b): [T, T] => [a, b]));

/** @param runs of any width; only those of rungs take part, so that no target ever tells of itself. */
export function pairQuestions(
  experiment: Compared,
  runs: readonly RunResult[],
  place: Place = (_, width) => width,
): PairQuestion[] {
  return pairsOf(experiment.recipes).map((pair) => pairQuestion(experiment, pair, runs, place));
}

/** Targets stand where the pair's first recipe has them: at one width two recipes may differ in parameters and FLOPs. */
export function pairQuestion(
  { ladder, seeds }: Compared,
  [a, b]: readonly [Recipe, Recipe],
  runs: readonly RunResult[],
  place: Place,
): PairQuestion {
  const xs = [a, b].flatMap((recipe) => [...ladder.rungs, ...ladder.targets].map((width) => place(recipe, width)));
  const runsOf = ({ name }: Recipe) => runs.filter((run) => run.recipe === name && seeds.includes(run.seed));
  const compared = (recipe: Recipe): ComparedRecipe => ({
    name: recipe.name,
    points: [...ladder.rungs]
      .sort((p, q) => p - q)
      .flatMap((width) => {
        const { done, diverged } = settle(measurementsOf(runsOf(recipe).filter((run) => run.width === width)));
        if (done.length === 0 || diverged > 0) return [];
        const losses = done.map(({ seed, loss }) => ({ seed, loss }));
        return [{ width, x: place(recipe, width), losses }];
      }),
  });
  return {
    kind: 'comparison',
    inputs: {
      a: compared(a),
      b: compared(b),
      targets: ladder.targets.map((width) => place(a, width)).sort((p, q) => p - q),
      grid: gridOver(xs),
      hasOtherBatches: !shareBatches(a, b),
    },
    cannotTell: cannotTell([a, b]),
    remarks: [a, b].flatMap((recipe) =>
      leftOutNotes(runsOf(recipe), ladder.rungs).map((note) => `${recipe.name}: ${note}`),
    ),
  };
}

/** Whether both recipes have a loss: before that there is nothing to ask. */
export const canCompare = ({ inputs: { a, b } }: PairQuestion): boolean => a.points.length > 0 && b.points.length > 0;

export const withRemarks = ({ cannotTell, remarks }: PairQuestion, comparison: Comparison): Comparison => ({
  ...comparison,
  ...(cannotTell !== null && { cannotTell }),
  notes: [...comparison.notes, ...remarks],
});

/** Asks about each pair; pairs without losses have no entry. */
export async function compareAll(ask: Ask, questions: readonly PairQuestion[]): Promise<Comparison[]> {
  return Promise.all(
    questions.filter(canCompare).map(async (question) => {
      const { kind, inputs } = question;
      return withRemarks(question, await ask({ kind, inputs }));
    }),
  );
}
