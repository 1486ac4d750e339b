/** Changing one setting of a recipe, together with those that could not stay as they are beside it. */
import { parseWith } from '../../model/parse.ts';
import { presetExperiment, presets } from '../../model/presets.ts';
import { recipeSchema, type Optimizer, type Recipe, type Schedule } from '../../model/recipe.ts';
import { readPath, writePath } from './field-path.ts';

export function changeSetting(recipe: Recipe, path: string, value: unknown): void {
  if (path === 'schedule.kind') recipe.schedule = scheduleOf(value as Schedule['kind'], recipe.schedule.warmup);
  else if (path === 'optimizer.kind') recipe.optimizer = optimizerOf(value as Optimizer['kind'], recipe.optimizer);
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

function scheduleOf(kind: Schedule['kind'], warmup: number): Schedule {
  const schedules: Record<Schedule['kind'], Schedule> = {
    constant: { kind: 'constant', warmup },
    cosine: { kind: 'cosine', warmup, final: 0 },
    wsd: { kind: 'wsd', warmup, decay: 0.2 },
  };
  return schedules[kind];
}

/** The optimizer with the defaults of its kind, clipping among them; the rate and the decay stay as they were. */
function optimizerOf(kind: Optimizer['kind'], { learningRate, weightDecay }: Optimizer): Optimizer {
  const carrier = presetExperiment(presets[0].id).recipes[0];
  const { optimizer } = parseWith(recipeSchema, { ...carrier, optimizer: { kind, learningRate: 1 } }, 'recipe');
  return { ...optimizer, learningRate, weightDecay };
}
