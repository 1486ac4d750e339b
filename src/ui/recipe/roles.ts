/** What the tensors of a role are called on the page. */
import type { TensorRole } from '../../model/recipe.ts';

export const ROLE_WORDS: Record<TensorRole, string> = {
  embedding: 'embeddings',
  norm: 'norm gains',
  query: 'query matrices',
  key: 'key matrices',
  value: 'value matrices',
  attentionOut: 'attention output matrices',
  gate: 'MLP gate matrices',
  up: 'MLP up matrices',
  down: 'MLP down matrices',
  unembedding: 'unembedding',
};
