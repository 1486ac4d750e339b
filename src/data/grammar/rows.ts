/** The laws by which words of one class follow one another: Zipf's, and what a word's governor makes likelier. */
import type { GrammarCorpusSpec } from '../../model/corpora.ts';
import { randomStream, type RandomStream } from '../../model/random.ts';
import { lexiconOf, type Block, type FixedWord, type Gender, type Lexicon, type Noun, type Verb } from './lexicon.ts';

/** A distribution over tokens that follow one another. */
export interface Row {
  /** Token of the first word. */
  readonly first: number;
  readonly probabilities: Float64Array;
  probabilityOf(token: number): number;
  /** @param uniform in [0, 1). @returns the index of a word. */
  draw(uniform: number): number;
}

/** @param weights of each token from `first` on; they need not sum to 1. */
function rowOf(first: number, weights: ArrayLike<number>): Row {
  const total = Array.from(weights).reduce((sum, weight) => sum + weight, 0);
  const probabilities = Float64Array.from(weights, (weight) => weight / total);
  const cumulative = new Float64Array(probabilities.length);
  probabilities.reduce((sum, p, word) => (cumulative[word] = sum + p), 0);
  return {
    ...{ first, probabilities },
    probabilityOf: (token) => probabilities[token - first] ?? 0,
    draw: (uniform) => {
      let [low, high] = [0, cumulative.length - 1];
      while (low < high) {
        const middle = (low + high) >> 1;
        if (uniform < cumulative[middle]) high = middle;
        else low = middle + 1;
      }
      return low;
    },
  };
}

/** With probability `again` one of the words that are listed, the earlier the likelier, else one of all. */
function withThose(all: Row, listed: readonly number[], again: number): Row {
  let total = 0;
  for (let place = 0; place < listed.length; place++) total += 1 / (place + 1);
  const share = (place: number) => again / ((place + 1) * total);
  return {
    first: all.first,
    get probabilities() {
      const mixed = all.probabilities.map((p) => (1 - again) * p);
      listed.forEach((word, place) => (mixed[word] += share(place)));
      return mixed;
    },
    probabilityOf: (token) => {
      const place = listed.indexOf(token - all.first);
      return (1 - again) * all.probabilityOf(token) + (place < 0 ? 0 : share(place));
    },
    draw: (uniform) => {
      let rest = uniform;
      for (let place = 0; place < listed.length; place++) {
        if (rest < share(place)) return listed[place];
        rest -= share(place);
      }
      // What is left of the interval, stretched.
      return all.draw(Math.min(rest / (1 - again), 1 - 2 ** -32));
    },
  };
}

/** How much of what is preferred lies in each further direction: as the modes of the spectral corpus. */
const FALL = 0.6;
const MOST_MODES = 48;

/** What words of one kind make of those of another: rows · diag(s) · columnsᵀ with s_k ∝ k^-0.6, Σ s² = 1, and normal entries. */
class Preference {
  private readonly modes: number;
  private readonly left: Float64Array;
  private readonly right: Float64Array;

  constructor(rows: number, columns: number, random: RandomStream) {
    this.modes = Math.min(rows, columns, MOST_MODES);
    const shares = Float64Array.from({ length: this.modes }, (_, k) => (k + 1) ** -FALL);
    const norm = Math.sqrt(shares.reduce((sum, share) => sum + share ** 2, 0));
    this.left = Float64Array.from(
      { length: rows * this.modes },
      (_, i) => (random.normal() * shares[i % this.modes]) / norm,
    );
    this.right = Float64Array.from({ length: columns * this.modes }, () => random.normal());
  }

  of(row: number, column: number): number {
    let sum = 0;
    for (let k = 0; k < this.modes; k++) sum += this.left[row * this.modes + k] * this.right[column * this.modes + k];
    return sum;
  }
}

const NOUNS: readonly Noun[] = ['person', 'animal', 'thing', 'food'];
/** How often each kind is spoken of, where all may be. */
const SPOKEN_OF: Record<Noun, number> = { person: 0.42, animal: 0.28, thing: 0.2, food: 0.1 };
const VERBS: readonly Verb[] = ['act', 'happening', 'dealing', 'handling', 'meal', 'saying'];
type Adjective = 'feeling' | 'quality';

/** A lexicon with the laws of its words. Rows are made when they are first needed. */
export class Grammar {
  readonly lexicon: Lexicon;
  private readonly rows = new Map<string, Row>();
  private readonly nounCount: number;
  private readonly does: Preference;
  private readonly doneTo: Preference;
  private readonly describes: Preference;
  private readonly isLike: Preference;

  constructor(
    readonly settings: Pick<GrammarCorpusSpec, 'vocabulary' | 'zipf' | 'affinity' | 'depth' | 'again' | 'seed'>,
  ) {
    this.lexicon = lexiconOf(settings.vocabulary);
    const { plain, singular } = this.lexicon;
    const counted = (names: readonly (Noun | Verb)[]) => names.reduce((sum, name) => sum + singular[name].count, 0);
    this.nounCount = counted(NOUNS);
    const heads = this.nounCount + plain.she.count + plain.he.count;
    const adjectives = plain.feeling.count + plain.quality.count;
    const preference = (name: string, rows: number, columns: number) =>
      new Preference(rows, columns, randomStream(settings.seed, `grammar ${name}`));
    this.does = preference('subject and verb', heads, counted(VERBS));
    this.doneTo = preference('verb and object', counted(VERBS), this.nounCount);
    this.describes = preference('adjective and noun', adjectives, this.nounCount);
    this.isLike = preference('subject and state', heads, adjectives);
  }

  readonly fixed = (word: FixedWord): Row => this.row(word, () => rowOf(this.lexicon.fixed[word], [1]));

  /** Words that nothing governs. */
  readonly words = (name: keyof Lexicon['plain']): Row =>
    this.row(name, () => this.ranked(this.lexicon.plain[name], () => 0));

  /** @param named names that the text holds, the latest first: with probability `again` one of them, the later the likelier. */
  names(named: readonly number[]): Row {
    const anybody = this.row('names', () => {
      const { she, he } = this.lexicon.plain;
      const weights = [she, he].flatMap(({ count }) => Array.from({ length: count }, (_, rank) => this.zipf(rank)));
      return rowOf(she.first, weights);
    });
    const { again } = this.settings;
    return named.length === 0 ? anybody : withThose(anybody, named, again);
  }

  /** @param name its index among names. */
  person(name: number): { head: number; gender: Exclude<Gender, null> } {
    return { head: this.nounCount + name, gender: name < this.lexicon.plain.she.count ? 'she' : 'he' };
  }

  /** Nouns of some kinds, governed by the adjective before them, else by the verb whose object they are. */
  nouns(form: 'singular' | 'plural', kinds: readonly Noun[], adjective: number | null, verb: number | null): Row {
    return this.row(`${form} ${kinds.join()} ${adjective ?? ''} ${verb ?? ''}`, () => {
      const blocks = this.lexicon[form];
      const { first } = blocks[kinds[0]];
      const start = blocks[NOUNS[0]].first;
      const weights = kinds.flatMap((kind) => {
        const { first: from, count } = blocks[kind];
        const all = Array.from({ length: count }, (_, rank) => this.zipf(rank));
        const sum = all.reduce((a, b) => a + b, 0);
        return all.map((weight, rank) => {
          const at = from - start + rank;
          const liking =
            adjective !== null ? this.describes.of(adjective, at) : verb !== null ? this.doneTo.of(verb, at) : 0;
          return ((SPOKEN_OF[kind] * weight) / sum) * Math.exp(this.settings.affinity * liking);
        });
      });
      return rowOf(first, weights);
    });
  }

  /** What is known of the noun with this token. */
  noun(form: 'singular' | 'plural', token: number): { head: number; kind: Noun; gender: Gender } {
    const blocks = this.lexicon[form];
    const kind = NOUNS.find((name) => token < blocks[name].first + blocks[name].count)!;
    const head = token - blocks[NOUNS[0]].first;
    return { head, kind, gender: kind === 'person' ? this.lexicon.genders[token - blocks.person.first] : null };
  }

  /** Verbs of one class, governed by their subject. */
  verbs(form: 'singular' | 'plural', name: Verb, subject: number): Row {
    return this.row(`${form} ${name} ${subject}`, () => {
      const from = this.verb(name, 0);
      return this.ranked(this.lexicon[form][name], (rank) => this.does.of(subject, from + rank));
    });
  }

  /** Index among all verbs of a word of one class. */
  verb(name: Verb, word: number): number {
    return this.lexicon.singular[name].first - this.lexicon.singular[VERBS[0]].first + word;
  }

  /** Index among all adjectives. */
  adjective(name: Adjective, word: number): number {
    return name === 'feeling' ? word : this.lexicon.plain.feeling.count + word;
  }

  /** Adjectives behind the copula, governed by the subject. */
  states(name: Adjective, subject: number): Row {
    return this.row(`is ${name} ${subject}`, () =>
      this.ranked(this.lexicon.plain[name], (rank) => this.isLike.of(subject, this.adjective(name, rank))),
    );
  }

  private ranked({ first, count }: Block, liking: (rank: number) => number): Row {
    const { affinity } = this.settings;
    return rowOf(
      first,
      Array.from({ length: count }, (_, rank) => this.zipf(rank) * Math.exp(affinity * liking(rank))),
    );
  }

  private zipf(rank: number): number {
    return (rank + 1) ** -this.settings.zipf;
  }

  private row(name: string, make: () => Row): Row {
    let row = this.rows.get(name);
    if (!row) this.rows.set(name, (row = make()));
    return row;
  }
}
