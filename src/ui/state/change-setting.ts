/** Changing one setting of a recipe, together with those that could not stay as they are beside it. */
import { NO_TEXT } from '../../model/corpora.ts';
import { recipeSchema, type Recipe } from '../../model/recipe.ts';
import { chosen, nodeOf } from '../../model/schema-node.ts';
import { readPath, writePath } from './field-path.ts';

/** Settings that mean the same in every kind of optimizer, schedule or corpus that has them. */
const COMMON = ['learningRate', 'weightDecay', 'warmup', 'file'];

export function changeSetting(recipe: Recipe, path: string, value: unknown): void {
  const [group, key] = path.split('.');
  if (key === 'kind') changeKind(recipe, group as 'optimizer' | 'schedule' | 'corpus', value as string);
  // Recipes side by side may differ in kind, and then not every one has every setting.
  else if (readPath(recipe, path) !== undefined) writePath(recipe, path, value);
  // A query of zeros has no direction that QK-norm could keep.
  if (path === 'architecture.qkNorm' && value === true) recipe.init.query = 'key';
  // SP scales nothing with the width, so it has no rule to change.
  if (path === 'parametrization' && value === 'sp') recipe.rules = [];
  // A name that only ever said the parametrization goes on saying it.
  if (path === 'parametrization' && (recipe.name === 'muP' || recipe.name === 'SP')) {
    recipe.name = value === 'mup' ? 'muP' : 'SP';
  }
}

/** Another kind comes with the defaults of its own. */
function changeKind(recipe: Recipe, group: 'optimizer' | 'schedule' | 'corpus', kind: string): void {
  if (recipe[group].kind === kind) return;
  const before: Record<string, unknown> = { file: NO_TEXT, ...recipe[group] };
  const { entries = {} } = chosen(nodeOf(recipeSchema).entries![group], { kind });
  const settings = Object.entries(entries).map(([key, { default: usual }]) => [
    key,
    COMMON.includes(key) ? before[key] : usual,
  ]);
  writePath(recipe, group, { ...Object.fromEntries(settings), kind });
}
