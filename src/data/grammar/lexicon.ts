/** Which words there are at a vocabulary of a given size, and which tokens their forms have. */
import * as words from './words.ts';

/** Tokens of one form of the words of one class: they follow one another, the most frequent first. */
export interface Block {
  first: number;
  count: number;
}

const FIXED = ['.', ',', 'and', 'but', 'that', 'who', 'the', 'is', 'are', 'he', 'she', 'it', 'they'] as const;
export type FixedWord = (typeof FIXED)[number];

/** Always there, however small the vocabulary. */
const CLOSED = { one: words.ONE, several: words.SEVERAL, opener: words.OPENERS, preposition: words.PREPOSITIONS };

/** Words of one form. */
const PLAIN = {
  feeling: words.FEELINGS,
  quality: words.QUALITIES,
  manner: words.MANNERS,
  she: words.NAMES_SHE,
  he: words.NAMES_HE,
  place: words.PLACES,
};

/** Words of two forms; a verb's singular is the one that ends in s. */
const NOUNS = { person: words.PEOPLE, animal: words.ANIMALS, thing: words.THINGS, food: words.FOODS };
const VERBS = {
  act: words.ACTS,
  happening: words.HAPPENINGS,
  dealing: words.DEALINGS,
  handling: words.HANDLINGS,
  meal: words.MEALS,
  saying: words.SAYINGS,
};

type Closed = keyof typeof CLOSED;
type Plain = keyof typeof PLAIN;
export type Noun = keyof typeof NOUNS;
export type Verb = keyof typeof VERBS;
export type Gender = 'he' | 'she' | null;

export interface Lexicon {
  /** How each token reads. */
  spelling: readonly string[];
  fixed: Readonly<Record<FixedWord, number>>;
  plain: Readonly<Record<Closed | Plain, Block>>;
  singular: Readonly<Record<Noun | Verb, Block>>;
  plural: Readonly<Record<Noun | Verb, Block>>;
  /** Of each person, in the order of the block. */
  genders: readonly Gender[];
}

/** Fewest words of an open class: with fewer there would be nothing to choose. */
const FEWEST = 3;

/**
 * The lexicon of exactly `vocabulary` tokens: each class gets its share of what there is, its most frequent words first.
 * @param vocabulary from 128 to 1600.
 */
export function lexiconOf(vocabulary: number): Lexicon {
  const counts = wordCounts(vocabulary);
  const spelling: string[] = [...FIXED];
  const block = (forms: readonly string[]): Block => {
    const first = spelling.length;
    spelling.push(...forms);
    return { first, count: forms.length };
  };
  const people = words.PEOPLE.slice(0, counts.person).map((word) => word.split(':'));
  const taken = (name: Noun | Verb) =>
    name === 'person' ? people.map(([word]) => word) : { ...NOUNS, ...VERBS }[name].slice(0, counts[name]);

  const fixed = Object.fromEntries(FIXED.map((word, token) => [word, token])) as Record<FixedWord, number>;
  const plain = mapped({ ...CLOSED, ...PLAIN }, (all, name) => block(all.slice(0, counts[name])));
  // One form after the other for all nouns, so that those of every kind are one block, too.
  const nouns = {
    singular: mapped(NOUNS, (_, name) => block(taken(name))),
    plural: mapped(NOUNS, (_, name) => block(taken(name).map(withS))),
  };
  const verbs = {
    singular: mapped(VERBS, (_, name) => block(taken(name).map(withS))),
    plural: mapped(VERBS, (_, name) => block(taken(name))),
  };
  return {
    ...{ spelling, fixed, plain },
    singular: { ...nouns.singular, ...verbs.singular },
    plural: { ...nouns.plural, ...verbs.plural },
    genders: people.map(([, gender]) => (gender as Gender | undefined) ?? null),
  };
}

/** How many words each class has in all. */
const SIZES = mapped({ ...CLOSED, ...PLAIN, ...NOUNS, ...VERBS }, (all) => all.length);
const formsOf = (name: string) => (name in NOUNS || name in VERBS ? 2 : 1);

/** Word by word to the class that has least of its own, as long as there is room. */
function wordCounts(vocabulary: number): typeof SIZES {
  const counts = mapped(SIZES, (size, name) => (name in CLOSED ? size : FEWEST));
  const open = (Object.keys(SIZES) as (keyof typeof SIZES)[]).filter((name) => !(name in CLOSED));
  let left = vocabulary - FIXED.length - open.reduce((sum, name) => sum + FEWEST * formsOf(name), 0);
  for (const name of Object.keys(CLOSED) as Closed[]) left -= SIZES[name];
  while (left > 0) {
    const wanting = open.filter((name) => formsOf(name) <= left && counts[name] < SIZES[name]);
    if (wanting.length === 0) break;
    const next = wanting.reduce((a, b) => (counts[b] / SIZES[b] < counts[a] / SIZES[a] ? b : a));
    counts[next]++;
    left -= formsOf(next);
  }
  return counts;
}

/** Of a regular noun the plural, of a regular verb the singular. */
function withS(word: string): string {
  if (/(s|x|z|ch|sh|o)$/.test(word)) return `${word}es`;
  return /[^aeiou]y$/.test(word) ? `${word.slice(0, -1)}ies` : `${word}s`;
}

function mapped<K extends string, A, B>(of: Readonly<Record<K, A>>, make: (value: A, key: K) => B): Record<K, B> {
  return Object.fromEntries(Object.entries<A>(of).map(([key, value]) => [key, make(value, key as K)])) as Record<K, B>;
}

/** Tokens as sentences. */
export function asText({ spelling, plain }: Lexicon, tokens: ArrayLike<number>): string {
  const isName = (token: number) =>
    [plain.she, plain.he].some(({ first, count }) => token >= first && token < first + count);
  let text = '';
  let begins = true;
  for (const token of Array.from(tokens)) {
    const word = spelling[token] ?? '\uFFFD';
    const isMark = word === '.' || word === ',';
    const capital = begins && !isMark ? word[0].toUpperCase() + word.slice(1) : word;
    text += isMark || text === '' ? capital : ` ${isName(token) ? word : capital}`;
    begins = word === '.';
  }
  return text;
}
