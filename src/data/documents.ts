/** Corpora whose windows are documents of their own: each begins anew, and nothing before it matters. */
import { randomStream, type RandomStream } from '../model/random.ts';
import { purposeOf, sharedStream, type Corpus, type Source, type TokenPlan, type WriteTraining } from './token-plan.ts';

/** Writes documents and knows the law by which it does. */
export interface DocumentSource extends Source {
  vocabulary: number;
  /** Fills `into` with the beginning of one document. */
  write(into: Uint32Array, random: RandomStream): void;
}

/** Training and evaluation windows are independent documents of `context` + 1 tokens. */
export function documentCorpus(
  source: DocumentSource,
  { context, batch, steps, evaluationSequences }: TokenPlan,
  seed: number,
  name: string,
): Omit<Corpus, 'decode'> {
  const length = context + 1;
  const documents = (count: number, purpose: string) => {
    const random = randomStream(seed, purpose);
    const tokens = new Uint32Array(count * length);
    for (let s = 0; s < count; s++) source.write(tokens.subarray(s * length, (s + 1) * length), random);
    return { tokens, starts: Uint32Array.from({ length: count }, (_, s) => s * length) };
  };
  const trainingOf: WriteTraining = (whose) => {
    const { tokens, starts } = documents(steps * batch, purposeOf(`${name} training tokens`, whose));
    return { train: tokens, trainStarts: starts };
  };
  const evaluation = documents(evaluationSequences, `${name} evaluation tokens`);
  let sum = 0;
  for (const start of evaluation.starts) {
    for (const loss of source.lossesOf(evaluation.tokens.subarray(start, start + length))) sum += loss;
  }
  return {
    stream: sharedStream({ evaluation: evaluation.tokens, evaluationStarts: evaluation.starts }, trainingOf),
    trainingOf,
    vocabulary: source.vocabulary,
    entropyRate: null,
    evaluationEntropy: sum / (evaluationSequences * context),
    source,
    notes: [],
  };
}
