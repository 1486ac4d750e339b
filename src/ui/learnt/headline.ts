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
  const heard = models.flatMap(({ width, positions }) => (positions ? [{ width, loss: mean(positions.losses) }] : []));
  const [first, last] = [heard[0], heard.at(-1)];
  const floor = truth ? `; someone who knows the source would pay ${lossWords(mean(truth.losses))}` : '';
  if (!first || !last || first === last) {
    return {
      title: `What ${models.length === 1 ? 'has' : 'have'} ${widthsOf(models)} learnt?`,
      sub: 'The same prompt, seed and temperature for each; a passage that none of them has trained on.',
    };
  }
  const less = first.loss - last.loss;
  return {
    title: `Width ${last.width} pays ${lossWords(Math.abs(less))} nats a token ${less >= 0 ? 'less' : 'more'} than width ${first.width} for what neither has seen`,
    sub: `${lossWords(last.loss)} beside ${lossWords(first.loss)} nats a token, over ${models[0]!.positions!.windows} windows of the held-out part${floor}.`,
  };
}

const widthsOf = (models: readonly Told[]) =>
  models.length === 1 ? `width ${models[0]!.width}` : `widths ${rangeOf(models.map(({ width }) => width))}`;
