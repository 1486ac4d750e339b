/** What the scaling chart says, in words: the finding in large, what it rests on in small. */
import type { FitReport } from '../../scaling/width/report.ts';
import { forecastOf, type Forecast, type Scene } from '../law/ladder-scene.ts';
import { capital, countOf, countWords, lossWords, rangeOf, rangeWords } from '../words.ts';

export interface Headline {
  /** Before the number. */
  lead: string;
  /** The number itself, drawn in the colour of predictions; empty when there is none yet. */
  number: string;
  /** After the number. */
  tail: string;
  sub: string;
}

export interface PredictedState {
  isBusy: boolean;
  /** Widths that train now. */
  trainingWidths: number[];
}

export function headlineOf(scene: Scene, report: FitReport | null, standing: PredictedState): Headline {
  const forecasts = scene.targets.flatMap((target) => forecastOf(target, report) ?? []);
  // The largest target is the question the page asks.
  const hero = forecasts[forecasts.length - 1];
  if (hero) return hero.actual === null ? predicted(hero, scene, report, standing) : measured(hero, forecasts);
  return scene.rungs.length + scene.leftOut.length > 0 ? onTheWay(scene) : inviting(scene);
}

function predicted(
  hero: Forecast,
  scene: Scene,
  report: FitReport | null,
  { isBusy, trainingWidths }: PredictedState,
): Headline {
  const state = hero.isSealed
    ? hero.diverged
      ? `Sealed; trained and not judged: ${hero.diverged}.`
      : trainingWidths.includes(hero.width)
        ? 'Sealed; now training to check.'
        : 'Sealed; not trained yet.'
    : isBusy
      ? 'Provisional: it moves with every point.'
      : 'Provisional: not sealed.';
  return {
    lead: `Width ${hero.width} will reach `,
    number: lossWords(hero.loss),
    tail: '',
    sub: `nats per token, 80 % interval ${rangeWords(hero)}, from ${basis(hero, scene, report)}. ${state}`,
  };
}

function measured(hero: Forecast, forecasts: Forecast[]): Headline {
  const judged = forecasts.filter((one) => one.verdict !== null);
  // Earlier versions judged by the seeds that survived: they are not what was predicted, and count as nothing.
  const whole = judged.filter((one) => !one.diverged);
  const others = judged.length - whole.length - (hero.diverged ? 1 : 0);
  const record = [
    hero.diverged &&
      `80 % interval ${rangeWords(hero)}. ${capital(hero.diverged)}: this is the mean of the others, and no verdict.`,
    heldWords(whole, hero),
    others > 0 &&
      `${capital(countOf(others, 'other'))} with a diverged seed ${others === 1 ? 'is' : 'are'} not counted.`,
  ].filter(Boolean);
  return {
    lead: `Width ${hero.width} was predicted at `,
    number: lossWords(hero.loss),
    tail: ` and reached ${lossWords(hero.actual!)}`,
    sub: `nats per token, ${record.join(' ')}`,
  };
}

/** @param whole those that were judged by all their seeds. */
function heldWords(whole: readonly Forecast[], hero: Forecast): string {
  const inside = whole.filter((one) => one.verdict === 'inside').length;
  if (whole.length === 1) {
    if (whole[0] !== hero) return `One other sealed prediction ${inside === 1 ? 'held' : 'did not hold'}.`;
    return `${hero.verdict} the 80 % interval ${rangeWords(hero)} that was sealed before it was trained.`;
  }
  if (whole.length === 0) return '';
  const record = `${capital(inside === 0 ? 'none' : countWords(inside))} of ${countOf(whole.length, 'sealed prediction')} held.`;
  return hero.diverged ? record : `80 % interval ${rangeWords(hero)}. ${record}`;
}

function onTheWay(scene: Scene): Headline {
  const isAsked = scene.targets.length > 0;
  const missing = Math.max(0, 3 - scene.rungs.filter((rung) => rung.isIn).length);
  const sub =
    missing > 0
      ? `${capital(countOf(missing, 'more width'))} and a law can be drawn through them.`
      : isAsked
        ? 'The law does not say enough about the targets yet.'
        : 'Add a width to predict, and see whether the law is right about it.';
  const lead = `${capital(countOf(scene.rungs.length, 'width'))} trained`;
  return { lead, number: '', tail: '', sub: [sub, ...scene.leftOut].join(' ') };
}

function inviting(scene: Scene): Headline {
  const target = scene.targets[scene.targets.length - 1];
  const rungs = scene.ladder.filter(({ width }) => !scene.targets.some((one) => one.width === width));
  const span = rungs.length > 1 ? `, ${rungs[0].width} to ${rungs[rungs.length - 1].width}` : '';
  if (!target) {
    return {
      lead: 'How does the loss fall with width?',
      number: '',
      tail: '',
      sub: `Train ${countOf(rungs.length, 'width')}${span}, and see.`,
    };
  }
  return {
    lead: `What will the loss be at width ${target.width}?`,
    number: '',
    tail: '',
    sub: `Train ${countOf(rungs.length, 'small model')}${span}. The law through their losses predicts width ${target.width}, the prediction is sealed, and only then is it trained.`,
  };
}

/** The widths that a prediction is made from: those it was sealed from, or those of the very law that says it. */
function basis({ sealedFrom }: Forecast, { ladder }: Scene, report: FitReport | null): string {
  const widthAt = (x: number) => ladder.find((one) => Math.abs(one.x / x - 1) < 1e-9)?.width ?? x;
  const widths = sealedFrom ?? (report?.points ?? []).map(({ x }) => widthAt(x));
  const span = widths.length > 1 ? `, ${rangeOf(widths)}` : '';
  return `${countOf(widths.length, 'trained width')}${span}`;
}
