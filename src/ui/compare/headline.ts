/** What the comparison says, in words: the finding in large, what it rests on in small. */
import { shareBatches } from '../../model/run.ts';
import type { Comparison } from '../../model/scaling-results.ts';
import { areSame } from '../../scaling/compare/measured.ts';
import type { Finding } from '../frame/finding.ts';
import { siNumber } from '../chart/axis.ts';
import { ABSCISSA_WORDS, type Abscissa } from '../law/abscissa.ts';
import { capital, countOf, listWords, percentWords, recipeWords } from '../words.ts';
import { isEqual, isWithinNoise, type ComparedSide, type Outcome } from '../law/compare-scene.ts';

interface ComparedState {
  sides: readonly ComparedSide[];
  pair: readonly [ComparedSide, ComparedSide];
  comparison: Comparison | null;
  outcomes: readonly Outcome[];
  abscissa: Abscissa;
  isBusy: boolean;
}

/** width 64; 1.2M parameters */
export const sizeWords = (abscissa: Abscissa, x: number): string =>
  abscissa === 'width' ? `width ${Number(x.toPrecision(3))}` : `${siNumber(x)} ${ABSCISSA_WORDS[abscissa].button}`;

/** 0.012 nats; a small one with two digits that count. */
export const natsWords = (value: number): string => {
  const size = Math.abs(value);
  return `${size >= 0.01 || size === 0 ? size.toFixed(3) : size.toPrecision(2)} nats`;
};

export function headlineOf(standing: ComparedState): Finding {
  const { comparison, pair, sides } = standing;
  if (!sides.some(({ scene }) => scene.rungs.length > 0)) return inviting(standing);
  if (!comparison || pair.some(({ scene }) => scene.rungs.length < 3)) return onTheWay(standing);
  const { title, sure } = verdictWords(comparison, standing.abscissa);
  if (comparison.cannotTell !== undefined) {
    const names = pair.map(({ name }) => recipeWords(name)).join(' and ');
    return { title: `This corpus cannot tell ${names} apart`, sub: comparison.cannotTell };
  }
  if (comparison.verdict === 'refused') return { title, sub: recipeWords(comparison.sentence) };
  const last = standing.outcomes[standing.outcomes.length - 1];
  return { title, sub: [sure, ...checkWords(last, pair, standing)].join(' ') };
}

/** The verdict as a title, and how sure it is as a sentence. */
function verdictWords(
  { a, b, at, crossover, verdict, measured }: Comparison,
  abscissa: Abscissa,
): { title: string; sure: string } {
  const [nameA, nameB] = [recipeWords(a), recipeWords(b)];
  const last = at[at.length - 1];
  const where = last ? sizeWords(abscissa, last.x) : '';
  const [winner, loser] = last && last.probability >= 0.5 ? [nameA, nameB] : [nameB, nameA];
  const share = last ? percentWords(Math.min(0.99, Math.max(last.probability, 1 - last.probability))) : '';
  const sure = `${winner} has the lower loss at ${where} with a probability of ${share}${share === '99 %' ? ' or more' : ''}.`;
  switch (verdict) {
    case 'crossover':
      return { title: `${winner} overtakes ${loser} at ${sizeWords(abscissa, crossover.x!)}`, sure };
    case 'a':
    case 'b':
      return { title: `${winner} beats ${loser} at ${where}`, sure };
    case 'no difference':
      if (areSame(measured)) {
        return {
          title: `${nameA} and ${nameB} are the same, number for number`,
          sure: 'At every width and seed that both have, their losses agree to the last digit.',
        };
      }
      return {
        title: `No difference seen between ${nameA} and ${nameB}`,
        sure: `Up to ${where} their laws go together.`,
      };
    case 'undecided':
      return { title: `Undecided between ${nameA} and ${nameB} at ${where}`, sure };
    case 'refused':
      return { title: `${nameA} and ${nameB} cannot be compared`, sure: '' };
  }
}

function checkWords(last: Outcome | undefined, [a, b]: ComparedState['pair'], { isBusy }: ComparedState): string[] {
  if (!last) return [];
  const { measured, isSealed, isRight, width, diverged } = last;
  if (!measured) {
    if (diverged) return [`Trained at width ${width} and not judged: ${recipeWords(diverged)}.`];
    if (!isSealed) return ['Provisional: it moves with every point.'];
    return [isBusy ? 'Sealed; now training to check.' : 'Sealed; not trained yet.'];
  }
  if (isEqual(measured)) return [`Trained at width ${width}, they reach the same loss to the last digit.`];
  if (isWithinNoise(measured)) return [`Trained at width ${width}, they lie within noise of each other.`];
  const better = recipeWords((measured.difference < 0 ? a : b).name);
  const so = isRight === null ? '' : isRight ? ', as predicted' : ', against the prediction';
  const lone = measured.standardError === null ? ', with one seed' : '';
  return [`Trained at width ${width}, ${better} is lower by ${natsWords(measured.difference)}${lone}${so}.`];
}

function onTheWay({ sides }: ComparedState): Finding {
  const trained = sides.reduce((sum, { scene }) => sum + scene.rungs.length, 0);
  return {
    title: `${capital(countOf(trained, 'model'))} trained`,
    sub: [
      'With three widths of each recipe their laws can be compared.',
      ...sides.flatMap(({ name, scene }) => scene.leftOut.map((note) => `${recipeWords(name)}: ${note}`)),
    ].join(' '),
  };
}

function inviting({ sides, pair: [a] }: ComparedState): Finding {
  const names = sides.map(({ name }) => recipeWords(name));
  const { targets, ladder } = a.scene;
  const largest = targets.length > 0 ? targets[targets.length - 1].width : ladder[ladder.length - 1]?.width;
  const asked =
    names.length === 2 ? names.join(' or ') : `${names.slice(0, -1).join(', ')} or ${names[names.length - 1]}`;
  const batches = sides.every(({ scene }) => shareBatches(scene.recipe, a.scene.recipe)) ? ' and batches' : '';
  return {
    title: `Which is better at width ${largest}, ${asked}?`,
    sub: `Train ${listWords(names)} at small widths, with the same seeds${batches}. ${targets.length > 0 ? 'What they will reach is sealed, and only then are they trained there.' : 'Their laws tell who leads beyond them.'}`,
  };
}
