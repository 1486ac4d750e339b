/** What the names of runs and files say of a training: w256, N1238144_D5000000, lr-3e-4, seed2. */
import { marksOf, numberIn } from './cell-numbers.ts';
import type { Meaning } from './meanings.ts';

export interface NameFact {
  /** How it is written: "w", "N", "lr". */
  letter: string;
  meaning: Extract<Meaning, 'width' | 'parameters' | 'tokens' | 'layers' | 'steps' | 'rate' | 'seed' | 'setting'>;
  value: number;
}

const NO_MARKS = new Set<never>();
const PLAIN = marksOf(NO_MARKS, NO_MARKS, true);

const LETTERS: Record<string, NameFact['meaning']> = Object.fromEntries(
  (
    [
      [
        'width',
        'w width dmodel d_model d-model dm hidden hidden_size hiddensize embd n_embd nembd emb embed dim dims h H hid channels',
      ],
      ['parameters', 'N n params param p size'],
      ['tokens', 'D tokens tok toks'],
      ['layers', 'l L layers layer n_layer nlayer depth'],
      ['steps', 'steps step T iters iter'],
      ['rate', 'lr LR eta learning_rate learningrate max_lr peak_lr log2lr log2_lr'],
      ['seed', 'seed s rep'],
      ['setting', 'wd bs b B beta weight_decay batch batch_size bsz warmup dropout eps mult alpha sigma std init_std'],
    ] as [NameFact['meaning'], string][]
  ).flatMap(([meaning, words]) => words.split(' ').map((word) => [word, meaning])),
) as Record<string, NameFact['meaning']>;

const NUMBER = '(?:2(?:\\^|\\*\\*)-?\\d+|\\d+(?:[.p]\\d+)?(?:e[+-]?\\d+)?)';
const WORDS = Object.keys(LETTERS)
  .sort((a, b) => b.length - a.length)
  .join('|');
const FACT = new RegExp(
  `(?<![A-Za-z0-9.])(${WORDS}|(?:beta|b)[12](?=[-_=:]))(?:[-_]|=(?=-?)|: ?|(?<=[A-Za-z]{2}) )?((?<=[=:] ?)-?${NUMBER}|${NUMBER})([kKmMbBgGtT]?)(?![A-Za-z0-9])`,
  'g',
);
/** A size by itself: "mup-125M", "70m". */
const BARE = new RegExp(`(?<![A-Za-z0-9.])(\\d+(?:[.p]\\d+)?)([kKmMbB])(?![A-Za-z0-9])`, 'g');
const WIDTH = /(?<![A-Za-z0-9.])d[-_=]?(\d{2,5})(?![A-Za-z0-9.])/;
const WIDTHS = new RegExp(WIDTH, 'g');
/** "w128lr0.003s1": letters and numbers without anything between. */
const JOINED = new RegExp(`^(?:(?:${WORDS}|d)${NUMBER}[kKmMbB]?){2,}$`);
const ONE_OF_JOINED = new RegExp(`(${WORDS}|d)(${NUMBER}[kKmMbB]?)`, 'g');

/** The name of a run without the ending of a file, with what is joined in it taken apart. */
function stemOf(name: string): string {
  const stem = name.replace(/\.(csv|tsv|txt|json|jsonl|ya?ml|toml|ini|html?|md)$/i, '');
  if (!/\d[A-Za-z]/.test(stem)) return stem;
  return stem.replace(/[^-_ /,]+/g, (part) =>
    JOINED.test(part) ? part.replace(ONE_OF_JOINED, '-$1$2').slice(1) : part,
  );
}

/** As `matchAll`, which copies the pattern at each call. */
export function matchesOf(pattern: RegExp, text: string): RegExpExecArray[] {
  const found: RegExpExecArray[] = [];
  pattern.lastIndex = 0;
  for (let one = pattern.exec(text); one; one = pattern.exec(text)) found.push(one);
  return found;
}

/** Letters that stand for one thing only beside another fact, or in front of a number that is nothing else. */
const LEAST: Record<string, number> = { h: 16, H: 16, n: 1000, p: 1000, N: 1000, D: 1000, T: 50, w: 4 };

/** In the order of the name; a letter that comes twice counts for nothing. */
export function factsIn(name: string): NameFact[] {
  const stem = stemOf(name);
  const found = matchesOf(FACT, stem).map(([, letter, number, suffix]): NameFact => {
    const value = numberIn(`${number!.replace('p', '.')}${suffix}`, PLAIN);
    const isLogarithm = letter!.startsWith('log2');
    // A lone d is what the loss is over beside N, and a width otherwise; "d384" stands in the names of runs.
    const meaning = LETTERS[letter!] ?? 'setting';
    return { letter: letter!, meaning, value: isLogarithm ? 2 ** value : value };
  });
  const width = WIDTH.exec(stem);
  // Beside d512 h is a number of heads.
  const facts = width ? found.filter(({ letter }) => letter !== 'h') : found;
  if (width && !facts.some(({ meaning }) => meaning === 'width')) {
    facts.push({ letter: 'd', meaning: 'width', value: Number(width[1]) });
  }
  if (!facts.some(({ meaning }) => meaning === 'parameters' || meaning === 'width')) {
    const bare = matchesOf(BARE, stem);
    if (bare.length === 1) facts.push({ letter: 'size', meaning: 'parameters', value: numberIn(bare[0]![0], PLAIN) });
  }
  const once = facts.filter(
    ({ meaning, letter }) => facts.filter((one) => one.meaning === meaning && one.letter === letter).length === 1,
  );
  const isSure = ({ letter, value }: NameFact) =>
    letter.length > 1 || value >= (LEAST[letter] ?? Infinity) || letter === 'd';
  const hasSure = once.some(isSure);
  // "b2" alone may name anything; a seed has a name beside it.
  return once.filter((fact) => isSure(fact) || hasSure || (fact.letter === 's' && /[A-Za-z]{2}/.test(stem)));
}

/** The name without what it says as facts, its marks as they stand. */
export const factsCut = (name: string): string => stemOf(name).replace(FACT, '').replace(WIDTHS, '').replace(BARE, '');

/** Without marks that are left over where something was cut out. */
export const tidied = (name: string): string => name.replace(/[-_ .,]{2,}/g, '-').replace(/^[-_ .,]+|[-_ .,]+$/g, '');

/** The name without what it says as facts: what tells series apart. */
export const withoutFacts = (name: string): string => tidied(factsCut(name));
