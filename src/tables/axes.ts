/** What numbers across the top of a table, or in the names of its columns, are counted along. */
import { knownMeaning } from './meanings.ts';

/** Letters and words that stand around numbers across the top, as the axis they name. */
const AXES = new Map<string, string>([
  ...['w', 'd', 'h', 'dmodel', 'model'].map((word) => [word, 'width'] as const),
  ...['n', 'p'].map((word) => [word, 'parameters'] as const),
  ['l', 'layers'],
  ['t', 'step'],
  ...['s', 'run'].map((word) => [word, 'seed'] as const),
  ...['lr', 'eta'].map((word) => [word, 'learning rate'] as const),
  ['log2lr', 'log2(learning rate)'],
  ['wd', 'weight decay'],
  ['bs', 'batch size'],
]);

/** Names of columns of what no name tells: it is asked about. */
export const ACROSS = 'numbers across the top';
export const DOWN = 'numbers down the side';

export function axisOf(word: string): string | null {
  const known = AXES.get(word);
  if (known) return known;
  const meaning = knownMeaning(word);
  if (meaning === 'width' || meaning === 'parameters' || meaning === 'compute' || meaning === 'layers') return word;
  if (meaning === 'seed' || meaning === 'seeds') return 'seed';
  if (meaning === 'rate') return 'learning rate';
  return meaning === 'tokens' || meaning === 'steps' ? word : null;
}
