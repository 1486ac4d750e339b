/** A look into a generated corpus before anything is trained on it. */
import * as v from 'valibot';
import type { CorpusSpec } from '../model/corpora.ts';
import { InputError, parseWith } from '../model/parse.ts';
import { recipeSchema } from '../model/recipe.ts';
import { buildCorpus } from './corpus.ts';

interface CorpusPreview {
  /** A window, token by token, as it reads. */
  pieces: string[];
  /** −log p in nats of each token given those before it; null of the first. */
  losses: (number | null)[];
  /** What is likeliest behind each token, the likeliest first. */
  next: { piece: string; probability: number }[][];
  /** Tokens of the vocabulary. */
  vocabulary: number;
  /** Nats per token that nobody can beat, on a few windows. */
  floor: number;
  /** The same for who looks at the token before only; absent where it is not known. */
  withoutPast?: number;
}

const WINDOWS = 200;
const LIKELIEST = 5;
/** Tokens of the window that is shown: the floor is that of whole ones, for it may fall along them. */
const SHOWN = 64;

const asked = v.pick(recipeSchema, ['corpus', 'context']);

/** @param context tokens of a window. @throws InputError for settings that are not allowed, and for a corpus whose law nobody knows. */
export function previewOf({ spec, context }: { spec: CorpusSpec; context: number }): CorpusPreview {
  // What is being typed may be anything, and some of it would never end.
  parseWith(asked, { corpus: spec, context }, 'corpus');
  const plan = { context, batch: 1, steps: 1, evaluationSequences: WINDOWS };
  const unknown = new InputError('corpus.kind', `corpus.kind: nobody knows the law of "${spec.kind}".`);
  if ('tokenizer' in spec) throw unknown;
  const { evaluation, source, decode, vocabulary, evaluationEntropy, withoutPast } = buildCorpus(spec, plan, {});
  if (!source || evaluationEntropy === null) throw unknown;
  const tokens = evaluation.subarray(0, Math.min(SHOWN, context));
  /** How a token reads behind others. */
  const pieceBehind = (past: Uint32Array, token: number) =>
    decode(Uint32Array.from([...past, token])).slice(past.length > 0 ? decode(past).length : 0);
  return {
    pieces: Array.from(tokens, (token, t) => pieceBehind(tokens.subarray(0, t), token)),
    losses: [null, ...source.lossesOf(tokens)],
    next: Array.from(tokens, (_, t) => {
      const past = tokens.subarray(0, t + 1);
      const law = source.next(past);
      const order = Array.from(law.keys()).sort((a, b) => law[b] - law[a]);
      return order
        .slice(0, LIKELIEST)
        .filter((token) => law[token] > 0)
        .map((token) => ({ piece: pieceBehind(past, token).trim(), probability: law[token] }));
    }),
    ...{ vocabulary, floor: evaluationEntropy, withoutPast },
  };
}
