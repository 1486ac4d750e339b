/** Windows of a corpus, one by one. */
import { wholeOf } from '../../../src/data/segments.ts';
import type { Corpus, TokenPlan } from '../../../src/data/token-plan.ts';

/** Of windows that stand behind one another: each of them. */
export const eachOf = (windows: Uint32Array, { context }: Pick<TokenPlan, 'context'>): Uint32Array[] =>
  Array.from({ length: windows.length / (context + 1) }, (_, w) =>
    windows.subarray(w * (context + 1), (w + 1) * (context + 1)),
  );

/** What training reads, in its order. */
export const trainingOf = async (
  { streamOf }: Pick<Corpus, 'streamOf'>,
  plan: TokenPlan,
  whose: string | null = null,
): Promise<Uint32Array[]> => eachOf(await wholeOf(streamOf(whose), plan), plan);
