/** What the transfer chart shows: for each recipe one curve of losses per width, or per number of layers, on one scale. */
import type { Shift, SweepMinimum, TableTransfer, TransferCheck } from '../../model/check-results.ts';
import type { Experiment } from '../../model/experiment.ts';
import { paddedDomain } from '../chart/axis.ts';
import { gridOf, type Grid } from '../chart/panels.ts';

export interface SweptPoint {
  value: number;
  /** Mean over the seeds that were done; null where none was. */
  loss: number | null;
  standardError: number | null;
  done: number;
  diverged: number;
}

interface SweptCurve {
  /** The width, or the number of layers. */
  at: number;
  /** Its place among all sizes of the study: it has one colour, shape and dash in every panel. */
  index: number;
  points: SweptPoint[];
  minimum: SweepMinimum | null;
}

/** Losses of a cohort that still trains: a curve that sinks while one looks on. */
export interface LiveCurve {
  index: number;
  points: readonly (readonly [value: number, loss: number])[];
}

export interface TransferPanel {
  recipe: string;
  curves: SweptCurve[];
  live: readonly LiveCurve[];
  shift: Shift | null;
  verdict: TransferCheck['verdict'] | null;
}

export interface TransferScene {
  /** Path of a recipe's hyperparameter, or the name of a table's column. */
  parameter: string;
  /** What the sizes are: width, layers, or the name of a table's column. */
  over: string;
  values: number[];
  /** Widths or numbers of layers, ascending. */
  sizes: number[];
  panels: TransferPanel[];
  x: [number, number];
  y: [number, number];
  hasDiverged: boolean;
  isEmpty: boolean;
}

/** @param checks what there is yet; a recipe without runs has an empty panel. */
export function transferScene(
  experiment: Experiment,
  checks: readonly TransferCheck[],
  liveOf: (recipe: string) => readonly LiveCurve[] = () => [],
): TransferScene {
  const { study, ladder, recipes } = experiment;
  if (study.kind !== 'transfer') throw new TypeError(`A study of kind "${study.kind}" has no transfer chart.`);
  const { sweep, depths } = study;
  const sizes = [...(depths ?? ladder.rungs)].sort((a, b) => a - b);
  const names = recipes.map(({ name }) => name);
  return sweptScene({ ...sweep, over: depths ? 'layers' : 'width', sizes, names }, checks, liveOf);
}

interface Swept {
  parameter: string;
  values: number[];
  over: string;
  /** Ascending. */
  sizes: number[];
  /** Of the recipes or series, a panel each. */
  names: string[];
}

/** The same of sweeps from anywhere. */
export function sweptScene(
  { parameter, values, over, sizes, names }: Swept,
  checks: readonly (TransferCheck | TableTransfer)[],
  liveOf: (recipe: string) => readonly LiveCurve[] = () => [],
): TransferScene {
  const panels = names.map((name): TransferPanel => {
    const check = checks.find((one) => one.recipe === name);
    const curves = (check?.curves ?? []).map(({ at, points, minimum }) => ({
      at,
      index: sizes.indexOf(at),
      minimum,
      points: points.map(({ runs, ...point }) => ({ ...point, done: runs.length })),
    }));
    return { recipe: name, curves, live: liveOf(name), shift: check?.shift ?? null, verdict: check?.verdict ?? null };
  });
  const curves = panels.flatMap((panel) => panel.curves);
  return {
    ...{ parameter, over, values, sizes, panels },
    x: paddedDomain(values, 'log', 0.04),
    y: lossRange(
      curves,
      panels.flatMap(({ live }) => live),
    ),
    hasDiverged: curves.some(({ points }) => points.some(({ diverged }) => diverged > 0)),
    isEmpty: curves.length === 0 && panels.every(({ live }) => live.length === 0),
  };
}

/**
 * From just below the least loss to where the valleys' walls are: losses that blew up would flatten the valleys, and are
 * drawn at the upper edge instead.
 */
function lossRange(curves: readonly SweptCurve[], live: readonly LiveCurve[] = []): [number, number] {
  const measured = curves.flatMap(({ points }) => points.map(({ loss }) => loss ?? NaN));
  const losses = [...measured, ...live.flatMap(({ points }) => points.map(([, loss]) => loss))].filter(Number.isFinite);
  if (losses.length === 0) return [0, 1];
  losses.sort((a, b) => a - b);
  const lowest = losses[0];
  const typical = losses[Math.floor(0.65 * (losses.length - 1))] - lowest;
  const minima = curves.flatMap(({ minimum }) => (minimum ? [minimum.loss] : []));
  const spread = minima.length > 0 ? Math.max(...minima) - lowest : 0;
  const top = Math.min(losses[losses.length - 1], lowest + Math.max(1.4 * typical, 2.5 * spread));
  const room = Math.max(top - lowest, 0.02);
  return [lowest - 0.07 * room, lowest + 1.05 * room];
}

export const isClipped = ({ loss }: SweptPoint, [, top]: [number, number]): boolean => loss !== null && loss > top;

/** Height of the strip above a panel in which runs that diverged are marked, a row for each size. */
export const stripHeight = ({ hasDiverged, sizes }: TransferScene): number =>
  hasDiverged ? 8 + 11 * Math.min(sizes.length, 8) : 0;

export function transferGrid(scene: TransferScene, width: number): Grid {
  const strip = stripHeight(scene);
  return gridOf({
    count: scene.panels.length,
    width,
    most: 3,
    least: 250,
    tall: (wide) => Math.round(Math.min(400, Math.max(250, wide * 0.95))),
    edge: { top: 48 + strip, right: 14, bottom: 46, left: 50 },
    gap: { x: 18, y: 96 + strip },
  });
}
