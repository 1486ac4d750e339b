/** What the transfer chart says, in words: where the best value goes under each recipe. */
import type { TransferCheck } from '../../model/check-results.ts';
import type { Experiment } from '../../model/experiment.ts';
import type { Finding } from '../frame/finding.ts';
import { capital, countOf, foldWords, listWords, rangeOf, recipeWords } from '../words.ts';
import { nameOf } from '../sweep/hyperparameters.ts';

export function transferHeadline(experiment: Experiment, checks: readonly TransferCheck[], isBusy: boolean): Finding {
  const { study, ladder, recipes } = experiment;
  if (study.kind !== 'transfer') throw new TypeError(`A study of kind "${study.kind}" has no transfer headline.`);
  const name = nameOf(study.sweep.parameter);
  const sizes = study.depths ?? ladder.rungs;
  const span = study.depths ? `from ${rangeOf(sizes)} layers` : `from width ${rangeOf(sizes)}`;
  const found = checks.filter((check) => minimaOf(check).length >= 2);
  const names = listWords(recipes.map((recipe) => nameIn(recipe.name)));
  const values = countOf(study.sweep.values.length, `${name}`);
  const asked = `${capital(values)} at ${countOf(sizes.length, study.depths ? 'depth' : 'width')} each, ${study.depths ? 'with' : 'under'} ${names}.`;
  if (found.length === 0) {
    const grown = study.depths ? 'deeper' : 'wider';
    return {
      title: `Does the best ${name} stay the same as the model gets ${grown}?`,
      sub: isBusy
        ? `${asked} The curves land here as each cohort finishes.`
        : `${asked} Train, and see where each curve is lowest.`,
    };
  }
  const clauses = found.map((check, i) => {
    const who = `${study.depths ? 'with' : 'under'} ${nameIn(check.recipe)}`;
    return i === 0 ? `${who} the best ${name} ${wayOf(check, span)}` : `${who} it ${wayOf(check, '')}`;
  });
  return { title: `${capital(clauses.join('; '))}.`, sub: subOf(found, experiment, isBusy) };
}

/** A recipe's name inside a sentence: μP, no depth rule. */
const nameIn = (recipe: string) => recipeWords(recipe).replace(/^No /, 'no ');

const minimaOf = ({ curves }: TransferCheck) =>
  curves.flatMap(({ at, minimum }) => (minimum ? [{ at, ...minimum }] : []));

/** A best value as the cards' tables write it: the vertex of a curve lies between grid values. */
export const bestWords = (value: number): string => (value > 0 ? `2^${Math.log2(value).toFixed(1)}` : '0');

/** stays at 2^-3.0 from width 8 to 64 */
function wayOf(check: TransferCheck, span: string): string {
  const minima = minimaOf(check);
  const [first, last] = [minima[0], minima[minima.length - 1]];
  const along = span ? ` ${span}` : '';
  const fold = first.value > 0 && last.value > 0 ? last.value / first.value : null;
  const isBound = [first, last].some(
    ({ status, grid }) => status === 'upper-end' || (status === 'lower-end' && grid > 0),
  );
  const by = (factor: number) => `${isBound ? 'at least ' : ''}${foldWords(factor)}`;
  const [from, to] = [bestWords(first.value), bestWords(last.value)];
  switch (check.verdict) {
    case 'transfers':
      return from === to
        ? `stays at ${from}${along}`
        : `stays within one grid step, ${from} to ${to}${along && `,${along}`}`;
    case 'falls':
      return `falls ${fold !== null && fold < 1 ? by(1 / fold) : `to ${to}`}${along}`;
    case 'rises':
      return `rises ${fold !== null && fold > 1 ? by(fold) : `to ${to}`}${along}`;
    case 'unclear':
      return `goes from ${from} to ${to}${along}, which is not clear yet`;
  }
}

/** With the value tuned on the smallest size, what the recipes reach on the largest. */
function subOf(found: readonly TransferCheck[], { study }: Experiment, isBusy: boolean): string {
  const unit = 'Loss in nats per token after training';
  if (isBusy) return `${unit}. More is being trained.`;
  const reached = found.flatMap((check) => {
    const minima = minimaOf(check);
    const tuned = minima[0].grid;
    const largest = check.curves[check.curves.length - 1];
    const point = largest.points.find(({ value }) => value === tuned);
    return point ? [{ check, at: largest.at, point }] : [];
  });
  if (reached.length < 2) return `${unit}.`;
  const size = study.kind === 'transfer' && study.depths ? `${reached[0].at} layers` : `width ${reached[0].at}`;
  const each = reached.map(({ check, point: { loss, diverged, runs } }) => {
    const name = nameIn(check.recipe);
    // The mean of the seeds that survived is no loss that tuning small reaches.
    if (loss !== null && diverged > 0) return `${name} diverges with ${diverged} of ${diverged + runs.length} seeds`;
    return loss === null ? `${name} diverges` : `${name} reaches ${loss.toFixed(3)} nats per token`;
  });
  return `Tuned on the smallest model and used at ${size}, ${listWords(each)}.`;
}
