/** What stands on the x axis: the width itself, or what a width costs. */
import { mostTokens } from '../../model/corpora.ts';
import type { Recipe } from '../../model/recipe.ts';
import { countParameters, modelShape, trainingFlops } from '../../model/shape.ts';
import type { CorpusFacts } from '../../experiment/protocol.ts';

export const ABSCISSAE = ['width', 'nonEmbedding', 'total', 'flops'] as const;
export type Abscissa = (typeof ABSCISSAE)[number];

export const ABSCISSA_WORDS: Record<Abscissa, { button: string; axis: string; about: string }> = {
  width: { button: 'width', axis: 'width →', about: 'Numbers that carry a token through the model' },
  nonEmbedding: {
    button: 'parameters',
    axis: 'parameters without embeddings →',
    about: 'Trained numbers, without those that only stand for a token',
  },
  total: { button: 'all parameters', axis: 'all parameters →', about: 'Trained numbers, embeddings among them' },
  flops: { button: 'FLOPs', axis: 'training FLOPs →', about: 'Floating-point operations the whole training takes' },
};

/** For whoever chooses among them. */
export const ABSCISSA_CHOICES = ABSCISSAE.map((value) => {
  const { button, about } = ABSCISSA_WORDS[value];
  return { value, text: button, about };
});

export function vocabularyOf({ corpus }: Recipe, facts: CorpusFacts | null): number {
  return facts?.vocabulary ?? mostTokens(corpus);
}

export function abscissaOf(kind: Abscissa, recipe: Recipe, width: number, vocabulary: number): number {
  if (kind === 'width') return width;
  const shape = modelShape(recipe, width, vocabulary);
  if (kind !== 'flops') return countParameters(shape)[kind];
  return trainingFlops(shape, recipe.steps * recipe.batch * recipe.context);
}
