/** The laws side by side, made drawable: marks, labels, domains and the rows of their table. */
import type { FitReport } from '../../scaling/width/report.ts';
import { paddedDomain, type AxisKind } from '../chart/axis.ts';
import type { Mark } from '../chart/mark.ts';
import type { Table } from '../chart/table.ts';
import { lossWords, rangeWords, recipeWords } from '../words.ts';
import { forecastsOf, type ComparedSide } from '../law/compare-scene.ts';

export type LawOf = (side: ComparedSide) => FitReport | null;

export const rungMarks = ({ name, style, scene }: ComparedSide): Mark[] =>
  scene.rungs.map(({ width, x, loss, standardError }) => ({
    id: `${name}-${width}`,
    x,
    y: loss,
    ...(standardError === null ? {} : { lo: loss - standardError, hi: loss + standardError }),
    shape: style.shape,
    isFilled: true,
    color: style.color,
    label: `${recipeWords(name)}, width ${width}: loss ${lossWords(loss)}`,
  }));

/** An open diamond for what is predicted, a filled one for what was then measured. */
export function targetMarks(side: ComparedSide, report: FitReport | null): Mark[] {
  const { name, style, scene } = side;
  return forecastsOf(side, report).flatMap((forecast) => {
    const { width, loss, lo, hi, isSealed, actual } = forecast;
    const { x } = scene.targets.find((target) => target.width === width)!;
    const at = { x, shape: 'diamond' as const, color: style.color };
    const who = `${recipeWords(name)}, width ${width}`;
    const open: Mark = {
      ...at,
      id: `${name}-target-${width}`,
      ...{ y: loss, lo, hi },
      isFilled: false,
      label: `${who}: ${isSealed ? 'sealed' : 'provisional'} prediction ${lossWords(loss)}, 80 % interval ${rangeWords(forecast)}`,
    };
    if (actual === null) return [open];
    const label = `${who}: measured ${lossWords(actual)}`;
    return [open, { ...at, id: `${name}-measured-${width}`, y: actual, isFilled: true, label }];
  });
}

export function lawsDomains(
  sides: readonly ComparedSide[],
  lawOf: LawOf,
  xKind: AxisKind,
): { x: [number, number]; y: [number, number] } {
  const losses = sides.flatMap((side) => [
    ...side.scene.rungs.flatMap(({ loss, standardError }) => [
      loss - (standardError ?? 0),
      loss + (standardError ?? 0),
    ]),
    ...forecastsOf(side, lawOf(side)).flatMap(({ loss, lo, hi, actual }) => [
      ...near(loss, lo, hi, side),
      actual ?? loss,
    ]),
  ]);
  const xs = sides.flatMap(({ scene }) => scene.ladder.map(({ x }) => x));
  return { x: paddedDomain(xs, xKind, 0.07), y: paddedDomain(losses, 'lin', 0.08) };
}

/** An interval from three points may be endless: it is cut where it would press what was measured into a corner. */
function near(loss: number, lo: number, hi: number, { scene }: ComparedSide): [number, number] {
  const measured = scene.rungs.map((rung) => rung.loss);
  const room = Math.max(0.05, ...measured) - Math.min(...measured);
  return [Math.max(lo, loss - room), Math.min(hi, loss + room)];
}

export function lawsTable(sides: readonly ComparedSide[], lawOf: LawOf): Table {
  const rows = sides.flatMap((side) => {
    const name = recipeWords(side.name);
    const rungs = side.scene.rungs.map(({ width, x, loss, standardError }) => [
      ...[name, width, x, 'rung', loss, standardError],
      ...[null, null, null, null],
    ]);
    const targets = forecastsOf(side, lawOf(side)).map(({ width, loss, lo, hi, actual, verdict, isSealed }) => {
      const { x } = side.scene.targets.find((target) => target.width === width)!;
      const role = isSealed ? 'target, sealed' : 'target';
      return [name, width, x, role, actual, null, loss, lo, hi, verdict];
    });
    return [...rungs, ...targets];
  });
  return {
    columns: [
      'recipe',
      'width',
      'x',
      'role',
      'loss',
      'standard error',
      'predicted',
      '80 % low',
      '80 % high',
      'verdict',
    ],
    rows,
  };
}
