/**
 * The grammar corpus: sentences that a person can read, written from left to right by a machine (`story.ts`), so that the
 * probability of each token given all that stand before it in its window is exact.
 */
import type { GrammarCorpusSpec } from '../../model/corpora.ts';
import type { RandomStream } from '../../model/random.ts';
import { documentCorpus, type DocumentSource } from '../documents.ts';
import type { Corpus, TokenPlan } from '../token-plan.ts';
import { asText } from './lexicon.ts';
import { Grammar } from './rows.ts';
import { Story } from './story.ts';

export function grammarCorpus(spec: GrammarCorpusSpec, plan: TokenPlan): Corpus {
  const source = grammarSource(spec);
  return {
    ...documentCorpus(source, plan, spec.seed, 'grammar'),
    decode: (tokens) => asText(source.grammar.lexicon, tokens),
  };
}

export function grammarSource(spec: Omit<GrammarCorpusSpec, 'kind'>): DocumentSource & { grammar: Grammar } {
  const grammar = new Grammar(spec);
  return {
    grammar,
    vocabulary: spec.vocabulary,
    write: (into: Uint32Array, random: RandomStream) => {
      const story = new Story(grammar);
      for (let t = 0; t < into.length; t++) into[t] = story.write(random.uniform);
    },
    lossesOf: (window) => {
      const story = new Story(grammar);
      const losses = new Float64Array(window.length - 1);
      for (let t = 0; t < losses.length; t++) {
        story.read(window[t]);
        losses[t] = -Math.log(story.probabilityOf(window[t + 1]));
      }
      return losses;
    },
    next: (past) => {
      const story = new Story(grammar);
      for (const token of Array.from(past)) story.read(token);
      return story.law();
    },
  };
}
