/** What the chart of a table says, in words: the finding in large, what it rests on in small. */
import type { FitReport } from '../../scaling/width/report.ts';
import { lawForecastOf } from '../law/law-scene.ts';
import type { Headline } from '../predict/headline.ts';
import { capital, countOf, countWords, errorWords, lossWords, rangeWords } from '../words.ts';
import { sizeText, type LossScene, type LossTarget } from '../law/table-scene.ts';

const plain = (lead: string, sub: string): Headline => ({ lead, number: '', tail: '', sub });

export function lossesHeadline(scene: LossScene, report: FitReport | null): Headline {
  const forecasts = scene.targets.flatMap((target) => {
    // What the law was fitted to it does not predict.
    const forecast = target.rows === 'fitted' ? null : lawForecastOf(target, report);
    return forecast ? [{ ...forecast, target }] : [];
  });
  // The largest x is the question of the table.
  const hero = forecasts[forecasts.length - 1];
  if (!hero) return withoutForecast(scene, report);
  const lead = `At ${hero.target.title} the loss ${hero.actual === null ? 'will be' : 'was predicted to be'} `;
  const number = lossWords(hero.loss);
  if (hero.actual === null) {
    const state = hero.isSealed ? 'Sealed.' : 'Provisional: it moves with the table until it is sealed.';
    return {
      lead,
      number,
      tail: '',
      sub: `80 % interval ${rangeWords(hero)}, from ${basis(scene, hero.target)}. ${state}`,
    };
  }
  const sealed = forecasts.filter((one) => one.isSealed && one.verdict !== null);
  const checked = hero.isSealed ? sealed : forecasts.filter((one) => !one.isSealed && one.verdict !== null);
  const inside = checked.filter((one) => one.verdict === 'inside').length;
  const kind = hero.isSealed ? 'sealed prediction' : 'loss held back from the fit';
  const kinds = hero.isSealed ? countOf(checked.length, kind) : heldBack(checked.length);
  const record =
    checked.length === 1
      ? `${errorWords(hero.loss, hero.actual)}, ${hero.verdict} the 80 % interval ${rangeWords(hero)}`
      : `${errorWords(hero.loss, hero.actual)}. ${capital(inside === 0 ? 'none' : countWords(inside))} of ${kinds} inside the 80 % interval`;
  return {
    lead,
    number,
    tail: ` and ${hero.isSealed ? 'was measured at' : 'is known to be'} ${lossWords(hero.actual)}`,
    sub: `From ${basis(scene, hero.target)}: ${record}.`,
  };
}

const heldBack = (count: number) =>
  `${count === 1 ? 'one loss' : `${countWords(count)} losses`} held back from the fit`;

function withoutForecast({ rungs }: LossScene, report: FitReport | null): Headline {
  if (rungs.length === 0) {
    return plain(
      'Fit losses measured anywhere',
      'Paste a table of sizes and losses. The law through them predicts the sizes you have not trained.',
    );
  }
  if (report?.leastSquares) {
    return plain(
      `The law through ${countOf(report.points.length, 'point')}`,
      'Add an x to predict, or hold the largest back and see whether the law is right about them.',
    );
  }
  return plain('No law through these points', report?.notes[0] ?? 'The points are being fitted.');
}

/** The points that a prediction is made from: those it was sealed from, whatever is fitted today. */
function basis({ rungs }: LossScene, { sealed }: LossTarget): string {
  const xs = (sealed?.points ?? rungs.filter((rung) => rung.isIn)).map(({ x }) => x);
  const span = xs.length > 1 ? `, x ${sizeText(xs[0])} to ${sizeText(xs[xs.length - 1])}` : '';
  return `${countOf(xs.length, 'point')}${span}`;
}
