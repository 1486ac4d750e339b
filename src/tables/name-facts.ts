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

const LETTERS: Record<string, NameFact['meaning']> = {
  ...{
    w: 'width',
    width: 'width',
    dmodel: 'width',
    d_model: 'width',
    'd-model': 'width',
    hidden: 'width',
    embd: 'width',
    n_embd: 'width',
    dim: 'width',
    h: 'width',
    hid: 'width',
  },
  ...{ N: 'parameters', n: 'parameters', params: 'parameters', p: 'parameters' },
  ...{ D: 'tokens', tokens: 'tokens', tok: 'tokens' },
  ...{ l: 'layers', L: 'layers', layers: 'layers', depth: 'layers' },
  ...{ steps: 'steps', step: 'steps', T: 'steps' },
  ...{ lr: 'rate', LR: 'rate', eta: 'rate', learning_rate: 'rate' },
  ...{ seed: 'seed', s: 'seed', rep: 'seed' },
  ...{ wd: 'setting', bs: 'setting', b: 'setting', B: 'setting', beta: 'setting' },
};

const NUMBER = '\\d+(?:[.p]\\d+)?(?:e[+-]?\\d+)?';
const FACT = new RegExp(
  `(?<![A-Za-z0-9.])(${Object.keys(LETTERS)
    .sort((a, b) => b.length - a.length)
    .join('|')})(?:[-_=]|: ?)?(${NUMBER})([kKmMbBgGtT]?)(?![A-Za-z0-9])`,
  'g',
);
/** A size by itself: "mup-125M", "70m". */
const BARE = new RegExp(`(?<![A-Za-z0-9.])(${NUMBER})([kKmMbB])(?![A-Za-z0-9])`, 'g');

/** In the order of the name; a letter that comes twice counts for nothing. */
export function factsIn(name: string): NameFact[] {
  const stem = name.replace(/\.(csv|tsv|txt|json|jsonl|md)$/i, '');
  const facts = [...stem.matchAll(FACT)].map(([, letter, number, suffix]): NameFact => ({
    letter: letter!,
    // A lone d is what the loss is over beside N, and a width otherwise; "d384" stands in the names of runs.
    meaning: LETTERS[letter!]!,
    value: numberIn(`${number!.replace('p', '.')}${suffix}`, PLAIN),
  }));
  const width = /(?<![A-Za-z0-9.])d[-_=]?(\d{2,5})(?![A-Za-z0-9.])/.exec(stem);
  if (width && !facts.some(({ meaning }) => meaning === 'width')) {
    facts.push({ letter: 'd', meaning: 'width', value: Number(width[1]) });
  }
  if (!facts.some(({ meaning }) => meaning === 'parameters' || meaning === 'width')) {
    const bare = [...stem.matchAll(BARE)];
    if (bare.length === 1) facts.push({ letter: 'size', meaning: 'parameters', value: numberIn(bare[0]![0], PLAIN) });
  }
  return facts.filter(
    ({ meaning, letter }) => facts.filter((one) => one.meaning === meaning && one.letter === letter).length === 1,
  );
}

/** The name without what it says as facts: what tells series apart. */
export function withoutFacts(name: string): string {
  const stem = name.replace(/\.(csv|tsv|txt|json|jsonl|md)$/i, '');
  return stem
    .replace(FACT, '')
    .replace(/(?<![A-Za-z0-9.])d[-_=]?\d{2,5}(?![A-Za-z0-9.])/g, '')
    .replace(BARE, '')
    .replace(/[-_ .,]{2,}/g, '-')
    .replace(/^[-_ .,]+|[-_ .,]+$/g, '');
}
