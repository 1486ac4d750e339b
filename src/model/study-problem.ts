/** Whether a study can be made of the ladder, the recipes and the sweep that it is given. */
import type { Experiment } from './experiment.ts';
import { withOverrides } from './overrides.ts';
import { InputError, parseWith } from './parse.ts';
import { recipeSchema, type Recipe } from './recipe.ts';
import { sweepsOf } from './study.ts';

/** Most runs of an experiment: beyond it a page could neither show nor keep them. */
const MOST_RUNS = 5000;

/** A study asks for a ladder and a sweep that it can use. */
export function studyProblem(experiment: Experiment): InputError | null {
  const { study, ladder, recipes, seeds } = experiment;
  if (study.kind === 'compare') return comparedProblem(recipes);
  if (study.kind === 'prediction') return null;
  if (ladder.targets.length > 0) {
    return new InputError(
      'ladder.targets',
      `ladder.targets: a study of kind "${study.kind}" predicts nothing; make its targets rungs.`,
    );
  }
  if (study.kind === 'transfer' && study.depths && ladder.rungs.length !== 1) {
    return new InputError(
      'ladder.rungs',
      `ladder.rungs: a sweep over depths is made at one width, not at ${ladder.rungs.length}.`,
    );
  }
  if (!(study.kind === 'transfer' && study.depths) && ladder.rungs.length < 2) {
    return new InputError('ladder.rungs', `ladder.rungs: a study of kind "${study.kind}" compares at least 2 widths.`);
  }
  const drawn = recipes.findIndex(({ seedDraws }) => seedDraws !== 'weights');
  if (study.kind === 'coordinates' && drawn >= 0) {
    const field = `recipes[${drawn}].seedDraws`;
    return new InputError(field, `${field}: a coordinate check measures every run on one batch; it must be "weights".`);
  }
  const settings = sweepsOf(study).reduce((count, { values }) => count * values.length, 1);
  const shapes = study.kind === 'transfer' && study.depths ? study.depths.length : ladder.rungs.length;
  const runs = recipes.length * seeds.length * settings * shapes;
  if (runs > MOST_RUNS) {
    return new InputError('study', `study: it asks for ${runs} runs and ${MOST_RUNS} are allowed; sweep fewer values.`);
  }
  return sweepProblem(experiment);
}

/** Recipes are compared by their losses, which must be of the same tokens with the same context before them. */
function comparedProblem(recipes: readonly Recipe[]): InputError | null {
  if (recipes.length < 2) {
    return new InputError('recipes', 'recipes: a study of kind "compare" needs at least 2 recipes.');
  }
  const [first, ...others] = recipes;
  const measured = {
    corpus: ({ corpus }: Recipe) => corpus,
    context: ({ context }: Recipe) => context,
    'evaluation.sequences': ({ evaluation }: Recipe) => evaluation.sequences,
  };
  for (const [i, recipe] of others.entries()) {
    for (const [key, of] of Object.entries(measured)) {
      if (JSON.stringify(of(recipe)) === JSON.stringify(of(first))) continue;
      const field = `recipes[${i + 1}].${key}`;
      if (key === 'corpus' && tokenizerOf(recipe) !== tokenizerOf(first)) {
        return new InputError(
          field,
          `${field}: "${recipe.name}" and "${first.name}" have different tokenizers, and nats per token do not compare between them; train each by itself and compare their bits per byte.`,
        );
      }
      return new InputError(
        field,
        `${field}: "${recipe.name}" is compared with "${first.name}" on the same tokens; its ${key} must be the same.`,
      );
    }
  }
  return null;
}

const tokenizerOf = ({ corpus }: Recipe) => ('tokenizer' in corpus ? JSON.stringify(corpus.tokenizer) : null);

/** Every swept value must be one that the recipe itself could have. */
function sweepProblem({ study, recipes }: Experiment): InputError | null {
  const sweeps = sweepsOf(study);
  for (const [s, { parameter, values }] of sweeps.entries()) {
    const tied = recipes.find(({ architecture }) => architecture.tied);
    if (parameter === 'init.unembedding' && tied) {
      const field = `study.${study.kind === 'basin' ? `sweeps[${s}]` : 'sweep'}.parameter`;
      return new InputError(
        field,
        `${field}: the embeddings of ${tied.name} are tied, so it has no unembedding to start; sweep init.embedding.`,
      );
    }
    for (const [i, value] of values.entries()) {
      try {
        for (const recipe of recipes) parseWith(recipeSchema, withOverrides(recipe, { [parameter]: value }), 'recipe');
      } catch (error) {
        if (!(error instanceof InputError)) throw error;
        const field = `study.${study.kind === 'basin' ? `sweeps[${s}]` : 'sweep'}.values[${i}]`;
        return new InputError(field, `${field}: ${error.message.replace(/^[\w.[\]]*: \w+/, 'a value of this sweep')}`);
      }
    }
  }
  return null;
}
