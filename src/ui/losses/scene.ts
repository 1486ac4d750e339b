/** What the chart of a table shows: points that are fitted or left out, what is predicted, and the question to the fitter. */
import type { LossPoint, LossSeries } from '../../data/loss-table.ts';
import { splitFirst } from '../../scaling/first-points.ts';
import type { LossSeal } from '../../scaling/loss-seal.ts';
import type { FitPoint, FitReport, FitRequest } from '../../scaling/report.ts';
import { siNumber } from '../chart/axis.ts';
import type { Table } from '../chart/table.ts';
import { gridOver, lawForecastOf, type LawRung, type LawScene, type LawTarget } from '../predict/law-scene.ts';
import type { LossDocument } from '../state/loss-document.ts';

export interface LossRung extends LawRung {
  point: LossPoint;
}

export interface LossTarget extends LawTarget {
  sealed: LossSeal | null;
}

export interface LossScene extends LawScene {
  rungs: LossRung[];
  targets: LossTarget[];
  request: FitRequest | null;
}

/** 194.24, 12800, 1.3B: a size as it stands in labels. */
export const sizeText = (x: number): string => (x >= 1e5 ? siNumber(x) : String(Number(x.toPrecision(6))));

const isSameX = (x: number, other: number) => Math.abs(x / other - 1) < 1e-9;

/** @param series null while the table cannot be read; what was sealed stays in sight then. */
export function lossScene(
  series: LossSeries | null,
  { first, targets, leftOut, sealed }: Pick<LossDocument, 'first' | 'targets' | 'leftOut' | 'sealed'>,
): LossScene {
  const points = series?.points ?? [];
  const isOut = ({ x, loss }: LossPoint) =>
    leftOut.some((one) => one.series === series?.name && one.x === x && one.loss === loss);
  const { fitted, heldOut } = splitFirst(
    points.filter((point) => !isOut(point)),
    first,
  );
  const out = points.filter(isOut);
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
  const seals = sealed.filter((seal) => !series || seal.series === series.name);
  const wanted = [
    ...(series?.targets ?? []),
    ...heldOut.map(({ x }) => x),
    ...(series ? targets : []),
    ...seals.map(({ target }) => target),
  ].sort((p, q) => p - q);
  const asked = wanted.filter((x, i) => i === 0 || !isSameX(x, wanted[i - 1]));
  const xs = [...new Set([...rungs.map(({ x }) => x), ...asked])].sort((p, q) => p - q);
  return {
    rungs,
    targets: asked.map((x) => targetAt(x, seals, heldOut)),
    ladder: xs.map((x) => ({ x })),
    entropy: null,
    entropyOf: 'corpus',
    request: fitted.length === 0 ? null : { points: fitted.map(fitPoint), targets: asked, grid: gridOver(xs) },
  };
}

function targetAt(x: number, seals: readonly LossSeal[], heldOut: readonly LossPoint[]): LossTarget {
  const losses = heldOut.filter((point) => isSameX(point.x, x)).map(({ loss }) => loss);
  return {
    id: String(x),
    title: `x = ${sizeText(x)}`,
    text: sizeText(x),
    x,
    sealed: seals.find(({ target }) => isSameX(target, x)) ?? null,
    known: losses.length ? losses.reduce((sum, loss) => sum + loss, 0) / losses.length : null,
  };
}

/** What the fitter is told of a row. */
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
