/** The scaling chart's numbers made drawable: marks, labels, domains and the rows of its table. */
import type { FitReport } from '../../scaling/width/report.ts';
import { paddedDomain, type AxisKind } from '../chart/axis.ts';
import type { Table } from '../chart/table.ts';
import type { Mark } from '../chart/mark.ts';
import { lawForecastOf, type LawScene } from './law-scene.ts';
import type { Scene } from './ladder-scene.ts';
import { lossWords, rangeWords } from '../words.ts';

interface MarkLabel {
  id: string;
  x: number;
  y: number;
  text: string;
  importance: number;
}

export function rungMarks({ rungs }: LawScene): Mark[] {
  return rungs.map(({ id, title, x, loss, standardError, isIn }) => ({
    id,
    x,
    y: loss,
    ...(standardError === null ? {} : { lo: loss - standardError, hi: loss + standardError }),
    shape: 'circle',
    isFilled: isIn,
    color: 'var(--mup)',
    isIn,
    label: `${title}: loss ${lossWords(loss)}, ${isIn ? 'in' : 'left out of'} the fit`,
  }));
}

export function targetMarks(scene: LawScene, report: FitReport | null): Mark[] {
  return scene.targets.flatMap((target) => {
    const forecast = lawForecastOf(target, report);
    if (!forecast) return [];
    const { id, title } = target;
    const { loss, lo, hi, isSealed, actual } = forecast;
    const words = `${title}: ${isSealed ? 'sealed' : 'provisional'} prediction ${lossWords(loss)}, 80 % interval ${rangeWords(forecast)}`;
    const open: Mark = {
      id: `target-${id}`,
      x: target.x,
      y: loss,
      lo,
      hi,
      shape: 'diamond',
      isFilled: false,
      color: 'var(--seal)',
      label: words,
    };
    if (actual === null) return [open];
    return [
      open,
      {
        id: `measured-${id}`,
        x: target.x,
        y: actual,
        shape: 'diamond',
        isFilled: true,
        color: 'var(--seal)',
        label: `${title}: measured ${lossWords(actual)}`,
      },
    ];
  });
}

export function targetLabels(scene: LawScene, report: FitReport | null): MarkLabel[] {
  return scene.targets.flatMap((target, i) => {
    const forecast = lawForecastOf(target, report);
    if (!forecast) return [];
    const { loss, actual, verdict } = forecast;
    const value = lossWords(loss);
    const outcome =
      actual === null
        ? value
        : `${value} → ${lossWords(actual)} ${verdict === 'inside' ? '✓' : verdict === 'above' ? '↑' : '↓'}`;
    return [
      {
        id: `target-${target.id}`,
        x: target.x,
        y: actual ?? loss,
        text: `${target.text}: ${outcome}`,
        importance: i,
      },
    ];
  });
}

type Curve = readonly (readonly [x: number, y: number])[];

/** The law in three pieces that touch: between the smallest and the largest rung of the fit, and what reaches beyond either. */
export function piecesOf(curve: Curve, first: number, last: number): { below: Curve; fitted: Curve; above: Curve } {
  const fitted = curve.filter(([x]) => x >= first && x <= last);
  if (fitted.length === 0) return { below: curve, fitted, above: [] };
  const from = fitted[0][0];
  const to = fitted[fitted.length - 1][0];
  return { below: curve.filter(([x]) => x <= from), fitted, above: curve.filter(([x]) => x >= to) };
}

interface Domains {
  x: [number, number];
  y: [number, number];
  /** Whether the entropy line has a place in the drawing. */
  hasEntropy: boolean;
}

/** @param others points of other ladders that stand in the same drawing. */
export function domainsOf(
  scene: LawScene,
  report: FitReport | null,
  xKind: AxisKind,
  yKind: AxisKind,
  others: readonly { x: number; loss: number }[] = [],
): Domains {
  const losses = scene.rungs.flatMap(({ loss, standardError }) => [
    loss - (standardError ?? 0),
    loss + (standardError ?? 0),
  ]);
  losses.push(...others.map(({ loss }) => loss));
  for (const target of scene.targets) {
    const forecast = lawForecastOf(target, report);
    if (forecast) losses.push(forecast.lo, forecast.hi, ...(forecast.actual === null ? [] : [forecast.actual]));
  }
  const lowest = Math.min(...losses);
  const span = Math.max(...losses) - lowest;
  // A far-away entropy line would press everything measured into a corner.
  const hasEntropy =
    scene.entropy !== null &&
    lowest - scene.entropy < 0.8 * Math.max(span, 0.05) &&
    scene.entropy < Math.max(...losses);
  const shown = hasEntropy ? [...losses, scene.entropy!] : losses;
  return {
    x: paddedDomain(
      [...scene.ladder, ...others].map(({ x }) => x),
      xKind,
      xKind === 'log' ? 0.07 : 0.05,
    ),
    y: shown.length
      ? paddedDomain(
          shown.filter((loss) => yKind === 'lin' || loss > 0),
          yKind,
          0.08,
        )
      : [0, 1],
    hasEntropy,
  };
}

export function scalingTable(scene: Scene, report: FitReport | null): Table {
  const columns = ['width', 'x', 'role', 'loss', 'standard error', 'predicted', '80 % low', '80 % high', 'verdict'];
  const rungs = scene.rungs.map(({ width, x, loss, standardError, isIn }) => [
    width,
    x,
    isIn ? 'rung' : 'rung, left out',
    loss,
    standardError,
    null,
    null,
    null,
    null,
  ]);
  const targets = scene.targets.map((target) => {
    const forecast = lawForecastOf(target, report);
    return [
      target.width,
      target.x,
      forecast?.isSealed ? 'target, sealed' : 'target',
      forecast?.actual ?? null,
      null,
      forecast?.loss ?? null,
      forecast?.lo ?? null,
      forecast?.hi ?? null,
      forecast?.verdict ?? null,
    ];
  });
  return { columns, rows: [...rungs, ...targets] };
}
