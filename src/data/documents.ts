/** Corpora whose windows are documents of their own: each begins anew, and nothing before it matters. */
import { randomStream, type RandomStream } from '../model/random.ts';
import { windowsOf, writtenTokens, type WindowWriter } from './segments.ts';
import { purposeOf, streamsOf, type Corpus, type Source, type TokenPlan } from './token-plan.ts';

/** Writes documents and knows the law by which it does. */
export interface DocumentSource extends Source {
  vocabulary: number;
  /** Fills `into` with the beginning of one document. */
  write(into: Uint32Array, random: RandomStream): void;
}

/** Training and evaluation windows are independent documents of `context` + 1 tokens. */
export function documentCorpus(
  source: DocumentSource,
  plan: TokenPlan,
  seed: number,
  name: string,
): Omit<Corpus, 'decode'> {
  const { context, evaluationSequences } = plan;
  const length = context + 1;
  const writer = (random: RandomStream): WindowWriter => ({
    write: (into) => source.write(into, random),
    copy: () => writer(random.copy()),
  });
  const documents = (purpose: string) => writer(randomStream(seed, `${name} ${purpose}`));
  const evaluation = windowsOf(documents('evaluation tokens'), evaluationSequences, length);
  let sum = 0;
  for (let at = 0; at < evaluation.length; at += length) {
    for (const loss of source.lossesOf(evaluation.subarray(at, at + length))) sum += loss;
  }
  return {
    ...streamsOf(evaluation, (whose) => writtenTokens(plan, () => documents(purposeOf('training tokens', whose)))),
    vocabulary: source.vocabulary,
    entropyRate: null,
    evaluationEntropy: sum / (evaluationSequences * context),
    source,
    notes: [],
  };
}
