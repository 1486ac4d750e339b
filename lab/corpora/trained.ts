/** One run on a corpus, trained by the float64 reference: what it ends at, beside what is known of the corpus. */
import * as v from 'valibot';
import { buildCorpus } from '../../src/data/corpus.ts';
import { wholeOf } from '../../src/data/segments.ts';
import type { Corpus } from '../../src/data/token-plan.ts';
import type { ExperimentInput } from '../../src/model/experiment.ts';
import { parametrize, type ParametrizationTable } from '../../src/model/parametrization.ts';
import { recipeSchema, type Recipe } from '../../src/model/recipe.ts';
import { modelShape } from '../../src/model/shape.ts';
import { createReferenceEngine } from '../../src/reference/trainer.ts';

type RecipeInput = ExperimentInput['recipes'][number];

/** A recipe with all its defaults. */
export const filledIn = (recipe: RecipeInput): Recipe => v.parse(recipeSchema, recipe);

export const corpusOf = (
  { corpus, context, batch, steps, evaluation }: Recipe,
  texts: Parameters<typeof buildCorpus>[2] = {},
): Corpus => buildCorpus(corpus, { context, batch, steps, evaluationSequences: evaluation.sequences }, texts);

/** The same model whose attention adds nothing, and never will. */
export const withoutAttention = (table: ParametrizationTable): ParametrizationTable => ({
  ...table,
  tensors: table.tensors.map((tensor) =>
    tensor.role === 'attentionOut'
      ? { ...tensor, init: { kind: 'constant', value: 0 }, learningRateMultiplier: 0 }
      : tensor,
  ),
});

/** Nats per token on the evaluation window; null for a run that diverged. */
export async function finalLoss(
  recipe: Recipe,
  width: number,
  { seed = 1, corpus = corpusOf(recipe), change = (table: ParametrizationTable) => table } = {},
): Promise<number | null> {
  const shape = modelShape(recipe, width, corpus.vocabulary);
  const { optimizer, schedule, batch, steps } = recipe;
  const run = { id: 'run', seed, table: change(parametrize(recipe, shape)), optimizer, schedule };
  const [outcome] = await createReferenceEngine().train(
    { shape, batch, steps, evaluateEvery: 0, runs: [run], stream: corpus.streamOf(null) },
    { onReport: () => undefined, signal: new AbortController().signal, untilResumed: async () => undefined },
  );
  return outcome.finalEvalLoss;
}

/** Entropy of single tokens as often as they occur in the training stream, in nats: what nobody needs a context for. */
export async function unigramEntropy({ streamOf, vocabulary }: Corpus, recipe: Recipe): Promise<number> {
  const tokens = await wholeOf(streamOf(null), recipe);
  const counts = new Float64Array(vocabulary);
  for (const token of tokens) counts[token]++;
  return counts.reduce(
    (sum, count) => sum - (count > 0 ? (count / tokens.length) * Math.log(count / tokens.length) : 0),
    0,
  );
}
