/** What the basin says, in words: how much of it the widths have in common. */
import type { BasinCheck } from '../../model/check-results.ts';
import type { Experiment } from '../../model/experiment.ts';
import type { Finding } from '../frame/finding.ts';
import { nameOf } from '../sweep/hyperparameters.ts';
import { capital, countOf, listWords, rangeOf, recipeWords } from '../words.ts';

/** 71 % */
export const shareWords = (share: number): string => `${Math.round(100 * share)} %`;

export function basinHeadline(
  { study, ladder, recipes }: Experiment,
  checks: readonly BasinCheck[],
  isBusy: boolean,
): Finding {
  if (study.kind !== 'basin') throw new TypeError(`A study of kind "${study.kind}" has no basin headline.`);
  const [first, second] = study.sweeps;
  const found = checks.filter(({ maps }) => maps.filter(({ minimum }) => minimum).length >= 2);
  const names = listWords(recipes.map(({ name }) => recipeWords(name)));
  const over = `${nameOf(first.parameter)} and ${nameOf(second.parameter)}`;
  if (found.length === 0) {
    const size = `${first.values.length} × ${second.values.length} values of ${over}`;
    return {
      title: 'Is one region of settings good for every width?',
      sub: isBusy
        ? `${capital(size)} at widths ${rangeOf(ladder.rungs)}, under ${names}; a map lands here as each width finishes.`
        : `${capital(size)} at ${countOf(ladder.rungs.length, 'width')}, under ${names}. Train, and see where the maps agree.`,
    };
  }
  const widths = found[0].maps.map(({ width }) => width);
  const clauses = found.map(({ recipe, share }, i) => {
    const who = `under ${recipeWords(recipe)}`;
    const much = share === 0 ? 'none' : shareWords(share);
    return i === 0 ? `${who} widths ${rangeOf(widths)} share ${much} of their basin` : `${who} ${much}`;
  });
  return {
    title: `${capital(clauses.join('; '))}.`,
    sub: `Final loss over ${over}. A width’s basin is where its loss is at most ${study.margin} nats above its best; the share is what all basins have in common of what any has.`,
  };
}
