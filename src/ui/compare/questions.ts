/** Common questions as pairs of recipes that differ in one thing, made from a recipe at hand. */
import { recipeProblem } from '../../model/experiment-problem.ts';
import type { Recipe } from '../../model/recipe.ts';
import { SETTING_WORDS, type CommonQuestion } from '../../model/recipe-words.ts';
import { changeSetting } from '../state/change-setting.ts';

export interface Question extends CommonQuestion {
  path: string;
}

export const QUESTIONS: readonly Question[] = Object.entries(SETTING_WORDS).flatMap(([path, { questions = [] }]) =>
  questions.map((question) => ({ ...question, path })),
);

/** The two recipes of a question, or null where the base cannot be had on both sides. */
export function pairOf({ path, sides, beside }: Question, base: Recipe): [Recipe, Recipe] | null {
  const [one, other] = sides.map(([name, value]) => {
    const recipe = structuredClone(base);
    if (beside) changeSetting(recipe, beside.path, beside.value);
    changeSetting(recipe, path, value);
    return { ...recipe, name };
  });
  const isRefused = [one, other].some((recipe) => recipeProblem(recipe, '') !== null);
  return isRefused && recipeProblem(base, '') === null ? null : [one, other];
}

/** The question that the recipes are an example of; null for recipes of one's own. */
export function questionIn(recipes: readonly Recipe[]): Question | null {
  const now = JSON.stringify(recipes);
  return QUESTIONS.find((question) => JSON.stringify(pairOf(question, recipes[0])) === now) ?? null;
}

/** A copy to change, with a name that none of the others has. */
export function copyOf(recipe: Recipe, recipes: readonly Recipe[]): Recipe {
  const stem = recipe.name.replace(/ \d+$/, '');
  let number = 2;
  while (recipes.some(({ name }) => name === `${stem} ${number}`)) number++;
  return { ...structuredClone(recipe), name: `${stem} ${number}` };
}
