/** Laws side by side, made drawable: marks and domains. */
import type { FitReport } from '../../scaling/width/report.ts';
import { paddedDomain, type AxisKind } from '../chart/axis.ts';
import type { Mark } from '../chart/mark.ts';
import { lossWords, rangeWords, recipeWords } from '../words.ts';
import { lawForecastOf, type LawScene } from './law-scene.ts';
import type { RecipeStyle } from './recipe-style.ts';

/** A recipe, or a series of a table. */
export interface DrawnLaw {
  name: string;
  style: RecipeStyle;
  scene: LawScene;
}

const forecastsIn = ({ scene }: DrawnLaw, report: FitReport | null) =>
  scene.targets.flatMap((target) => lawForecastOf(target, report) ?? []);

const named = (title: string) => title.charAt(0).toLowerCase() + title.slice(1);

/** Of a legend: how the points and the law of each are drawn. */
export const lawItems = (sides: readonly DrawnLaw[]) =>
  sides.map(({ name, style: { color, shape } }) => ({ text: recipeWords(name), color, mark: shape, hasLine: true }));

export const rungMarks = ({ name, style, scene }: DrawnLaw): Mark[] =>
  scene.rungs.map(({ id, title, x, loss, standardError }) => ({
    id: `${name}-${id}`,
    x,
    y: loss,
    ...(standardError === null ? {} : { lo: loss - standardError, hi: loss + standardError }),
    shape: style.shape,
    isFilled: true,
    color: style.color,
    label: `${recipeWords(name)}, ${named(title)}: loss ${lossWords(loss)}`,
  }));

/** An open diamond for what is predicted, a filled one for what was then measured. */
export function targetMarks({ name, style, scene }: DrawnLaw, report: FitReport | null): Mark[] {
  return scene.targets.flatMap((target) => {
    const forecast = lawForecastOf(target, report);
    if (!forecast) return [];
    const { loss, lo, hi, isSealed, actual } = forecast;
    const at = { x: target.x, shape: 'diamond' as const, color: style.color };
    const who = `${recipeWords(name)}, ${named(target.title)}`;
    const open: Mark = {
      ...at,
      id: `${name}-target-${target.id}`,
      ...{ y: loss, lo, hi },
      isFilled: false,
      label: `${who}: ${isSealed ? 'sealed' : 'provisional'} prediction ${lossWords(loss)}, 80 % interval ${rangeWords(forecast)}`,
    };
    if (actual === null) return [open];
    const label = `${who}: measured ${lossWords(actual)}`;
    return [open, { ...at, id: `${name}-measured-${target.id}`, y: actual, isFilled: true, label }];
  });
}

export function lawsDomains(
  sides: readonly DrawnLaw[],
  reports: readonly (FitReport | null)[],
  xKind: AxisKind,
): { x: [number, number]; y: [number, number] } {
  const losses = sides.flatMap((side, i) => [
    ...side.scene.rungs.flatMap(({ loss, standardError }) => [
      loss - (standardError ?? 0),
      loss + (standardError ?? 0),
    ]),
    ...forecastsIn(side, reports[i] ?? null).flatMap(({ loss, lo, hi, actual }) => [
      ...near(loss, lo, hi, side),
      actual ?? loss,
    ]),
  ]);
  const xs = sides.flatMap(({ scene }) => scene.ladder.map(({ x }) => x));
  return { x: paddedDomain(xs, xKind, 0.07), y: paddedDomain(losses, 'lin', 0.08) };
}

/** An interval from three points may be endless: it is cut where it would press what was measured into a corner. */
function near(loss: number, lo: number, hi: number, { scene }: DrawnLaw): [number, number] {
  const measured = scene.rungs.map((rung) => rung.loss);
  const room = Math.max(0.05, ...measured) - Math.min(...measured);
  return [Math.max(lo, loss - room), Math.min(hi, loss + room)];
}
