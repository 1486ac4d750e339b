/** What the chart of a table shows: points that are fitted or left out, what is predicted, and the question to the analyst. */
import type { LossPoint, LossSeries } from '../../tables/ladders.ts';
import { splitFirst } from '../../scaling/width/first-points.ts';
import type { LossSeal } from '../../scaling/loss-seal.ts';
import type { FitPoint, FitReport, FitRequest } from '../../scaling/width/report.ts';
import { gridOver } from '../../analysis/rung-points.ts';
import { measuredCurves } from '../../analysis/table-curves.ts';
import type { Measurement } from '../../model/measurement.ts';
import { revealFromTable } from '../../experiment/table-seal.ts';
import { siNumber } from '../chart/axis.ts';
import type { Table } from '../chart/table.ts';
import { lawForecastOf, type LawRung, type LawScene, type LawTarget } from './law-scene.ts';
import type { LossDocument } from '../state/loss-document.ts';

interface LossRung extends LawRung {
  point: LossPoint;
}

export interface LossTarget extends LawTarget {
  /** How long it is to be trained, in a law of x and tokens; null in one of x. */
  tokens: number | null;
  /** With the loss that the table has at its x, where it has one. */
  sealed: LossSeal | null;
  /** The same seal as it stands in the document. */
  own: LossSeal | null;
  /** Whether a row of the table measured what was sealed. */
  isMeasured: boolean;
  /** What became of the rows whose loss is `known`; null where there are none, or they measured a seal. */
  rows: 'fitted' | 'held back' | 'left out' | null;
}

export interface LossScene extends LawScene {
  rungs: LossRung[];
  targets: LossTarget[];
  heldBack: LossPoint[];
  /** Number of different x that can be fitted or held back. */
  sizes: number;
  request: FitRequest | null;
}

/** 194.24, 12800, 1.3B: a size as it stands in labels. */
export const sizeText = (x: number): string => (x >= 1e5 ? siNumber(x) : String(Number(x.toPrecision(6))));

const isSameX = (x: number, other: number) => Math.abs(x / other - 1) < 1e-9;

const mean = (points: readonly LossPoint[]): number | null =>
  points.length ? points.reduce((sum, { loss }) => sum + loss, 0) / points.length : null;

/** What is predicted: a size, and in a law of both the tokens that it is trained on. */
interface Place {
  x: number;
  tokens: number | null;
}

const isSamePlace = (one: Place, other: Place): boolean =>
  isSameX(one.x, other.x) &&
  (one.tokens === null || other.tokens === null ? one.tokens === other.tokens : isSameX(one.tokens, other.tokens));
const placeOf = ({ x, tokens }: { x: number; tokens?: number }): Place => ({ x, tokens: tokens ?? null });
const sealedPlace = ({ target, tokens }: LossSeal): Place => ({ x: target, tokens: tokens ?? null });

/** Whether a row is what a prediction was sealed of: with tokens the same x is not yet the same training. */
const isMeasurement = (point: LossPoint, seal: LossSeal) => isSamePlace(placeOf(point), sealedPlace(seal));

function pointsLeft(series: LossSeries, leftOut: LossDocument['leftOut']): { inUse: LossPoint[]; out: LossPoint[] } {
  const isOut = ({ x, loss }: LossPoint) =>
    leftOut.some((one) => one.series === series.name && one.x === x && one.loss === loss);
  return { inUse: series.points.filter((point) => !isOut(point)), out: series.points.filter(isOut) };
}

/**
 * The seals, each with the mean loss of the rows that measured it since; one without such rows stays as it is.
 * @param trainings of the table, with their curves
 */
export function sealsInTable(
  all: readonly LossSeries[],
  { sealed, leftOut }: Pick<LossDocument, 'sealed' | 'leftOut'>,
  trainings: readonly Measurement[] = [],
): LossSeal[] {
  const inUse = new Map(all.map((series) => [series.name, pointsLeft(series, leftOut).inUse]));
  return sealed.map((seal) => {
    const rows = (inUse.get(seal.series) ?? []).filter((point) => isMeasurement(point, seal));
    const actual = mean(rows);
    if (actual === null || !seal.curve) return actual === null ? seal : revealFromTable(seal, actual);
    const own = trainings.filter(({ series }) => series === seal.series);
    const { points, curve } = seal;
    return revealFromTable(seal, actual, measuredCurves(own, { points, steps: curve.steps }, rows));
  });
}

/**
 * @param series null while the table cannot be read; what was sealed stays in sight then
 * @param trainings of the table, with their curves
 */
export function lossScene(
  series: LossSeries | null,
  { first, targets, leftOut, sealed }: Pick<LossDocument, 'first' | 'targets' | 'leftOut' | 'sealed'>,
  trainings: readonly Measurement[] = [],
): LossScene {
  const { inUse, out } = series ? pointsLeft(series, leftOut) : { inUse: [], out: [] };
  const own = sealed.filter((seal) => !series || seal.series === series.name);
  // What a prediction is held to has no part in the law, or the seal would be of other points than those on show.
  const forLaw = inUse.filter((point) => !own.some((seal) => isMeasurement(point, seal)));
  const { fitted, heldOut } = splitFirst(forLaw, first);
  const rungs = [...fitted, ...out]
    .sort((p, q) => p.x - q.x)
    .map((point, i): LossRung => ({
      id: String(i),
      title: `x = ${sizeText(point.x)}`,
      x: point.x,
      loss: point.loss,
      standardError: point.standardError ?? null,
      isIn: !out.includes(point),
      point,
    }));
  const shown = sealsInTable(series ? [series] : [], { sealed: own, leftOut }, trainings);
  const isJoint = series !== null && [...series.points, ...inUse].some(({ tokens }) => tokens !== undefined);
  const bare = [...(series?.targets ?? []), ...heldOut.map(({ x }) => x), ...(series ? targets : [])];
  const wanted = [
    ...(isJoint ? series.jointTargets.map(({ n, d }) => ({ x: n, tokens: d })) : bare.map((x) => placeOf({ x }))),
    ...own.map(sealedPlace),
  ].sort((p, q) => p.x - q.x || (p.tokens ?? 0) - (q.tokens ?? 0));
  const asked = wanted.filter((place, i) => i === 0 || !isSamePlace(place, wanted[i - 1]!));
  const xs = [...new Set([...rungs, ...asked].map(({ x }) => x))].sort((p, q) => p - q);
  const xsAsked = asked.filter(({ tokens }) => tokens === null).map(({ x }) => x);
  return {
    rungs,
    targets: asked.map((place) => {
      const at = own.findIndex((seal) => isSamePlace(sealedPlace(seal), place));
      return at < 0 ? openTarget(place, fitted, heldOut, out) : sealedTarget(place, own[at]!, shown[at]!);
    }),
    heldBack: heldOut,
    sizes: new Set(forLaw.map((point) => point.x)).size,
    ladder: xs.map((x) => ({ x })),
    entropy: null,
    entropyOf: 'corpus',
    request: fitted.length === 0 ? null : { points: fitted.map(fitPoint), targets: xsAsked, grid: gridOver(xs) },
  };
}

const namesOf = ({ x, tokens }: Place) =>
  tokens === null
    ? { id: String(x), title: `x = ${sizeText(x)}`, text: sizeText(x), x, tokens }
    : {
        ...{ id: `${x} ${tokens}`, title: `N = ${sizeText(x)}, D = ${sizeText(tokens)}` },
        ...{ text: `${sizeText(x)}, ${sizeText(tokens)}`, x, tokens },
      };

const sealedTarget = (place: Place, own: LossSeal, shown: LossSeal): LossTarget => ({
  ...namesOf(place),
  sealed: shown,
  own,
  isMeasured: shown !== own,
  known: null,
  rows: null,
});

function openTarget(
  place: Place,
  fitted: readonly LossPoint[],
  heldOut: readonly LossPoint[],
  out: readonly LossPoint[],
): LossTarget {
  const open = { ...namesOf(place), sealed: null, own: null, isMeasured: false };
  const fates = { fitted, 'held back': heldOut, 'left out': out };
  // A row that was left out counts only where no other knows that loss.
  for (const rows of ['fitted', 'held back', 'left out'] as const) {
    const known = mean(fates[rows].filter((point) => isSamePlace(placeOf(point), place)));
    if (known !== null) return { ...open, known, rows };
  }
  return { ...open, known: null, rows: null };
}

/** What the analyst is told of a row. */
const fitPoint = ({ x, loss, standardError, seeds }: LossPoint): FitPoint => ({
  x,
  loss,
  ...(standardError === undefined ? {} : { standardError }),
  ...(seeds === undefined ? {} : { seeds }),
});

/** Every number of the chart. */
export function lossesTable({ rungs, targets }: LossScene, report: FitReport | null): Table {
  const columns = ['x', 'role', 'loss', 'standard error', 'predicted', '80 % low', '80 % high', 'verdict'];
  const points = rungs.map(({ x, loss, standardError, isIn }) => [
    x,
    isIn ? 'fitted' : 'left out',
    loss,
    standardError,
    null,
    null,
    null,
    null,
  ]);
  const predicted = targets.map((target) => {
    const forecast = lawForecastOf(target, report);
    const role = target.sealed ? 'sealed' : target.known != null ? 'held out' : 'predicted';
    const { actual = null, loss = null, lo = null, hi = null, verdict = null } = forecast ?? {};
    return [target.x, role, actual ?? target.known ?? null, null, loss, lo, hi, verdict];
  });
  return { columns, rows: [...points, ...predicted] };
}
