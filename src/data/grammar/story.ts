/**
 * The machine that writes the grammar corpus. On its stack stand the goals that are still to be written, and each goal says how
 * it may go on: with which words, how likely, and what is then to be written. No word begins two ways of going on, so whoever reads
 * the text knows the stack, and with it the exact law of the next word. What the text remembers (who was named, whom a pronoun
 * would mean) is read from it in the same way.
 */
import type { Gender, Noun, Verb } from './lexicon.ts';
import type { Grammar, Row } from './rows.ts';

type GrammaticalNumber = 'singular' | 'plural';
type Pronoun = 'he' | 'she' | 'it' | 'they';

/** Who or what a clause is about. */
interface Referent {
  /** Index among nouns and names, by which it prefers some words to others. */
  head: number;
  kind: Noun;
  number: GrammaticalNumber;
  /** What it is called when it is spoken of again; null where nothing would be sure. */
  pronoun: Pronoun | null;
}

/** One way to go on: with one of some words, or with nothing but other goals. */
type Way = { weight: number } & (
  { words: Row; read: (word: number, story: Story) => readonly Goal[] } | { words: null; goals: readonly Goal[] }
);
type Goal = (story: Story) => readonly Way[];

interface Stack {
  goal: Goal;
  below: Stack | null;
}

/** A way that begins with a word, with its probability at this place. */
interface Opening {
  probability: number;
  words: Row;
  read: (word: number, story: Story) => readonly Goal[];
  below: Stack | null;
}

/** One text from its beginning, while it is written or read. */
export class Story {
  private stack: Stack | null = { goal: sentence, below: null };
  /** Heads of those who were named, the latest first. */
  named: number[] = [];
  /** Whom a pronoun at the beginning of a sentence would mean. */
  spokenOf: Referent | null = null;

  constructor(readonly grammar: Grammar) {}

  /** Probability of `token` as the next one; 0 where no text goes on so. */
  probabilityOf(token: number): number {
    let sum = 0;
    for (const { probability, words } of this.openings()) sum += probability * words.probabilityOf(token);
    return sum;
  }

  /** The law of the next token [V]. */
  law(): Float64Array {
    const law = new Float64Array(this.grammar.lexicon.spelling.length);
    for (const { probability, words } of this.openings()) {
      words.probabilities.forEach((p, word) => (law[words.first + word] += probability * p));
    }
    return law;
  }

  /** @throws Error when no text goes on with this token. */
  read(token: number): void {
    const opening = this.openings().find(({ words }) => words.probabilityOf(token) > 0);
    if (!opening) throw new Error(`No text of this grammar goes on with token ${token}.`);
    this.stack = pushed(opening.below, opening.read(token - opening.words.first, this));
  }

  /** @param uniform gives numbers in [0, 1). @returns the token that was written. */
  write(uniform: () => number): number {
    for (;;) {
      const { goal, below } = this.top();
      const ways = goal(this);
      let rest = uniform() * ways.reduce((sum, { weight }) => sum + weight, 0);
      const way = ways.find(({ weight }) => (rest -= weight) < 0) ?? ways.findLast(({ weight }) => weight > 0)!;
      if (way.words) {
        const word = way.words.draw(uniform());
        this.stack = pushed(below, way.read(word, this));
        return way.words.first + word;
      }
      this.stack = pushed(below, way.goals);
    }
  }

  private top(): Stack {
    if (!this.stack) throw new Error('A text has no end.');
    return this.stack;
  }

  /** All ways that begin with a word at this place; no word is in two of them. */
  openings(): Opening[] {
    const found: Opening[] = [];
    const open = (stack: Stack, probability: number) => {
      const ways = stack.goal(this).filter(({ weight }) => weight > 0);
      const total = ways.reduce((sum, { weight }) => sum + weight, 0);
      for (const way of ways) {
        const share = (probability * way.weight) / total;
        if (way.words) found.push({ probability: share, words: way.words, read: way.read, below: stack.below });
        else open(pushed(stack.below, way.goals)!, share);
      }
    };
    open(this.top(), 1);
    return found;
  }
}

/** The first of the goals is the next one. */
const pushed = (below: Stack | null, goals: readonly Goal[]): Stack | null =>
  goals.reduceRight<Stack | null>((stack, goal) => ({ goal, below: stack }), below);

const writes = (weight: number, words: Row, ...goals: Goal[]): Way => ({ weight, words, read: () => goals });
const goesOn = (weight: number, ...goals: Goal[]): Way => ({ weight, words: null, goals });

const sentence: Goal = ({ grammar: { words } }) => [
  writes(0.12, words('opener'), clause(0), end),
  goesOn(0.88, clause(0), end),
];

const end: Goal = ({ grammar: { fixed } }) => [
  writes(0.85, fixed('.'), sentence),
  writes(0.15, fixed(','), conjunction, clause(0), stop),
];
const stop: Goal = ({ grammar: { fixed } }) => [writes(1, fixed('.'), sentence)];
const conjunction: Goal = ({ grammar: { fixed } }) => [writes(3, fixed('and')), writes(1, fixed('but'))];

/** A subject and what it does; `level` is how deep the clause is nested. */
const clause =
  (level: number): Goal =>
  ({ grammar, spokenOf }) => {
    const isMain = level === 0;
    const about = isMain && spokenOf?.pronoun ? spokenOf : null;
    return [
      ...(about ? [writes(0.35, grammar.fixed(about.pronoun!), predicate(about, level))] : []),
      goesOn(
        0.65,
        nounPhrase({ level, kinds: ['person', 'animal', 'thing', 'food'], governor: null }, (subject, story) => {
          if (isMain) story.spokenOf = subject;
          return [predicate(subject, level)];
        }),
      ),
    ];
  };

interface NounPhrase {
  level: number;
  /** Which nouns may be meant: neighbours in the lexicon. */
  kinds: readonly Noun[];
  /** Verb whose object it is. */
  governor: number | null;
}

type After = (referent: Referent, story: Story) => readonly Goal[];

const nounPhrase = (phrase: NounPhrase, after: After): Goal => {
  const numbered =
    (number: GrammaticalNumber | null): Goal =>
    () => [goesOn(1, described(phrase, number, after))];
  return ({ grammar, named }) => [
    ...(phrase.kinds.includes('person')
      ? [
          {
            weight: 0.35,
            words: grammar.names(named),
            read: (name: number, story: Story) => after(nameRead(name, story), story),
          },
        ]
      : []),
    writes(0.3, grammar.fixed('the'), numbered(null)),
    writes(0.2, grammar.words('one'), numbered('singular')),
    writes(0.15, grammar.words('several'), numbered('plural')),
  ];
};

/** Moves whoever is named to the front of those who were. */
function nameRead(name: number, story: Story): Referent {
  story.named = [name, ...story.named.filter((other) => other !== name)];
  const { head, gender } = story.grammar.person(name);
  return { head, kind: 'person', number: 'singular', pronoun: gender };
}

/** Behind a determiner: an adjective perhaps, then the noun, and what is said of it. */
const described =
  (phrase: NounPhrase, number: GrammaticalNumber | null, after: After): Goal =>
  ({ grammar }) => {
    const isAlive = phrase.kinds.includes('person');
    const alive = phrase.kinds.filter((kind) => kind === 'person' || kind === 'animal');
    return [
      ...(isAlive
        ? [
            {
              weight: 0.12,
              words: grammar.words('feeling'),
              read: (word: number) => [
                noun({ ...phrase, kinds: alive }, number, grammar.adjective('feeling', word), after),
              ],
            },
          ]
        : []),
      {
        weight: isAlive ? 0.18 : 0.3,
        words: grammar.words('quality'),
        read: (word: number) => [noun(phrase, number, grammar.adjective('quality', word), after)],
      },
      goesOn(0.7, noun(phrase, number, null, after)),
    ];
  };

const noun =
  (phrase: NounPhrase, number: GrammaticalNumber | null, adjective: number | null, after: After): Goal =>
  ({ grammar }) =>
    (
      [
        ['singular', number === 'plural' ? 0 : number ? 1 : 0.65],
        ['plural', number === 'singular' ? 0 : number ? 1 : 0.35],
      ] as const
    ).map(([form, weight]) => {
      const words = grammar.nouns(form, phrase.kinds, adjective, phrase.governor);
      return {
        ...{ weight, words },
        read: (word: number, story: Story) => {
          const { head, kind, gender } = grammar.noun(form, words.first + word);
          const referent: Referent = { head, kind, number: form, pronoun: pronounFor(form, kind, gender) };
          return [place(0.12), relative(referent, phrase.level), ...after(referent, story)];
        },
      };
    });

function pronounFor(number: GrammaticalNumber, kind: Noun, gender: Gender): Pronoun | null {
  if (number === 'plural') return 'they';
  return kind === 'person' ? gender : 'it';
}

/** Perhaps where it is. */
const place =
  (weight: number): Goal =>
  ({ grammar }) => [writes(weight, grammar.words('preposition'), thePlace), goesOn(1 - weight)];
const thePlace: Goal = ({ grammar }) => [writes(1, grammar.fixed('the'), placeName)];
const placeName: Goal = ({ grammar }) => [writes(1, grammar.words('place'))];

/** Perhaps a clause about it, one level deeper. */
const relative =
  (about: Referent, level: number): Goal =>
  ({ grammar }) =>
    level >= grammar.settings.depth
      ? [goesOn(1)]
      : [writes(0.2, grammar.fixed(about.kind === 'person' ? 'who' : 'that'), saidOf(about, level + 1)), goesOn(0.8)];

const saidOf =
  (about: Referent, level: number): Goal =>
  () => [goesOn(0.6, predicate(about, level)), goesOn(0.4, gapped(about, level))];

/** A clause whose object stands before it. */
const gapped = (object: Referent, level: number): Goal =>
  nounPhrase({ level, kinds: ['person', 'animal'], governor: null }, (subject) => [
    ({ grammar }) => {
      const own: Verb | null = object.kind === 'thing' ? 'handling' : object.kind === 'food' ? 'meal' : null;
      return [
        writes(0.7, grammar.verbs(subject.number, 'dealing', subject.head)),
        ...(own ? [writes(0.3, grammar.verbs(subject.number, own, subject.head))] : []),
      ];
    },
  ]);

/** How likely each kind of verb is for each kind of subject; `be` is the copula. */
const DOES: Record<Noun, Partial<Record<Verb | 'be', number>>> = {
  person: { act: 0.3, dealing: 0.28, handling: 0.14, meal: 0.08, saying: 0.1, be: 0.1 },
  animal: { act: 0.4, dealing: 0.3, meal: 0.12, be: 0.18 },
  thing: { happening: 0.45, be: 0.55 },
  food: { happening: 0.2, be: 0.8 },
};

/** What a transitive verb can be done to. */
const OBJECTS: Partial<Record<Verb, readonly Noun[]>> = {
  dealing: ['person', 'animal', 'thing', 'food'],
  handling: ['thing'],
  meal: ['food'],
};

/** What the subject does or is: the verb agrees with it in number, however much stands between them. */
const predicate =
  (subject: Referent, level: number, isFirst = true): Goal =>
  ({ grammar }) => {
    const { head, kind, number } = subject;
    const verbs = (Object.keys(DOES[kind]) as (Verb | 'be')[]).flatMap((name): Way[] => {
      const weight = 0.88 * DOES[kind][name]!;
      if (name === 'be')
        return isFirst ? [writes(weight, grammar.fixed(number === 'singular' ? 'is' : 'are'), state(subject))] : [];
      if (name === 'saying') {
        // What is said is a clause one level deeper.
        if (level >= grammar.settings.depth) return [];
        return [writes(weight, grammar.verbs(number, name, head), thatClause(level + 1))];
      }
      const words = grammar.verbs(number, name, head);
      const kinds = OBJECTS[name];
      if (!kinds) return [writes(weight, words, place(0.25))];
      return [
        {
          ...{ weight, words },
          read: (word) => [nounPhrase({ level, kinds, governor: grammar.verb(name, word) }, () => [])],
        },
      ];
    });
    return [...verbs, ...(isFirst ? [writes(0.12, grammar.words('manner'), predicate(subject, level, false))] : [])];
  };

const thatClause =
  (level: number): Goal =>
  ({ grammar }) => [writes(1, grammar.fixed('that'), clause(level))];

/** Behind the copula: how it is, or where. */
const state =
  ({ head, kind }: Referent): Goal =>
  ({ grammar }) => {
    const isAlive = kind === 'person' || kind === 'animal';
    return [
      ...(isAlive ? [writes(0.4, grammar.states('feeling', head))] : []),
      writes(isAlive ? 0.3 : 0.7, grammar.states('quality', head)),
      writes(0.3, grammar.words('preposition'), thePlace),
    ];
  };
