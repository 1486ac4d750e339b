/** Verdicts on a module: a sign, a word, and never colour alone. */
import type { ModuleCheck } from '../../model/check-results.ts';

type Verdict = ModuleCheck['verdict'];

export const SYMBOLS: Record<Verdict, string> = { flat: '✓', grows: '↗', shrinks: '↘', unclear: '?', silent: '–' };

export const WORDS: Record<Verdict, string> = {
  flat: 'keeps its size',
  grows: 'grows',
  shrinks: 'shrinks',
  unclear: 'unclear',
  silent: 'silent',
};
