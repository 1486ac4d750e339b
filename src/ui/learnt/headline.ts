/** What the view says first: how much dearer the held-out part is to the narrowest model than to the widest. */
import type { ByPosition } from '../../experiment/learnt.ts';
import { lossWords, rangeOf } from '../words.ts';

export interface Told {
  width: number;
  positions: ByPosition | null;
}

const mean = (values: ArrayLike<number>) => Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;

export function learntHeadline(models: readonly Told[], truth: ByPosition | null): { title: string; sub: string } {
  if (models.length === 0) {
    return {
      title: 'What have the models learnt?',
      sub: 'Train in Predict or Compare: what its models write, and where they look, can be asked here from then on.',
    };
  }
  const heard = models.flatMap(({ width, positions }) =>
    positions ? [{ width, loss: mean(positions.losses), byWindow: positions.byWindow }] : [],
  );
  const [first, last] = [heard[0], heard.at(-1)];
  const floor = truth ? `; someone who knows the source would pay ${lossWords(mean(truth.losses))}` : '';
  if (!first || !last || first === last) {
    return {
      title: `What ${models.length === 1 ? 'has' : 'have'} ${widthsOf(models)} learnt?`,
      sub: 'The same prompt, seed and temperature for each; a passage that none of them has trained on.',
    };
  }
  const less = first.loss - last.loss;
  const known = 2 * errorOf(first.byWindow, last.byWindow);
  const beside = `${lossWords(last.loss)} beside ${lossWords(first.loss)} nats a token, a difference known to ± ${lossWords(known)}, over ${models[0]!.positions!.windows} windows of the held-out part${floor}.`;
  if (Math.abs(less) <= known)
    return {
      title: `Widths ${first.width} and ${last.width} pay the same for what neither has seen, as far as can be told`,
      sub: beside,
    };
  return {
    title: `Width ${last.width} pays ${lossWords(Math.abs(less))} nats a token ${less >= 0 ? 'less' : 'more'} than width ${first.width} for what neither has seen`,
    sub: beside,
  };
}

/** Standard error of the mean difference: both were asked about the same windows. */
function errorOf(one: ArrayLike<number>, other: ArrayLike<number>): number {
  const differences = Array.from(one, (value, w) => value - other[w]!);
  const center = mean(differences);
  const squares = differences.reduce((sum, value) => sum + (value - center) ** 2, 0);
  const { length } = differences;
  return Math.sqrt(squares / Math.max(1, length - 1) / length);
}

const widthsOf = (models: readonly Told[]) =>
  models.length === 1 ? `width ${models[0]!.width}` : `widths ${rangeOf(models.map(({ width }) => width))}`;
