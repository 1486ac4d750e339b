/** What the basin chart shows: for each recipe a row of maps, one per width, of the loss over two hyperparameters. */
import type { BasinCheck, TableBasin } from '../../model/check-results.ts';
import type { Experiment } from '../../model/experiment.ts';
import type { Box } from '../chart/labels.ts';
import { gridOf } from '../chart/panels.ts';

export type Cell = [i: number, j: number];

interface MapCell {
  i: number;
  j: number;
  loss: number | null;
  /** Nats above the width's best. */
  excess: number | null;
  diverged: boolean;
}

export interface BasinMap {
  width: number;
  cells: MapCell[];
  basin: Cell[];
  minimum: Cell | null;
}

export interface BasinRow {
  recipe: string;
  /** One for each width of the ladder; null where nothing is measured yet. */
  maps: { width: number; map: BasinMap | null }[];
  common: Cell[];
  best: Cell | null;
}

/** What the colours stand for. */
export type Tint = 'excess' | 'loss';

export interface BasinScene {
  /** Paths of a recipe's hyperparameters, or names of a table's columns. */
  parameters: [string, string];
  values: [number[], number[]];
  margin: number;
  /** What the sizes are: width, or the name of a table's column. */
  over: string;
  widths: number[];
  rows: BasinRow[];
  hasDiverged: boolean;
  isEmpty: boolean;
}

export function basinScene({ study, ladder, recipes }: Experiment, checks: readonly BasinCheck[]): BasinScene {
  if (study.kind !== 'basin') throw new TypeError(`A study of kind "${study.kind}" has no basin chart.`);
  const [first, second] = study.sweeps;
  return mapsScene(
    {
      ...{
        parameters: [first.parameter, second.parameter],
        values: [first.values, second.values],
        margin: study.margin,
      },
      ...{ over: 'width', widths: [...ladder.rungs].sort((a, b) => a - b) },
      names: recipes.map(({ name }) => name),
    },
    checks,
  );
}

interface Maps extends Pick<BasinScene, 'parameters' | 'values' | 'margin' | 'over' | 'widths'> {
  /** Of the recipes or series, a row of maps each. */
  names: string[];
}

/** The same of maps from anywhere. */
export function mapsScene({ names, ...maps }: Maps, checks: readonly (BasinCheck | TableBasin)[]): BasinScene {
  const rows = names.map((name): BasinRow => {
    const check = checks.find(({ recipe }) => recipe === name);
    const own = maps.widths.map((width) => ({ width, map: mapOf(check, width) }));
    return { recipe: name, maps: own, common: check?.common ?? [], best: check?.best ?? null };
  });
  return {
    ...maps,
    rows,
    hasDiverged: rows.some(({ maps }) => maps.some(({ map }) => map?.cells.some(({ diverged }) => diverged))),
    isEmpty: rows.every(({ maps }) => maps.every(({ map }) => map === null)),
  };
}

function mapOf(check: BasinCheck | TableBasin | undefined, width: number): BasinMap | null {
  const found = check?.maps.find((map) => map.width === width);
  if (!found) return null;
  const best = found.minimum?.loss ?? null;
  const cells = found.losses.flatMap((column, i) =>
    column.map((loss, j) => ({
      ...{ i, j, loss, diverged: found.diverged[i][j] },
      excess: loss === null || best === null ? null : loss - best,
    })),
  );
  return { width, cells, basin: found.basin, minimum: found.minimum?.cell ?? null };
}

export const tintOf = (cell: MapCell, tint: Tint): number | null => (tint === 'loss' ? cell.loss : cell.excess);

/**
 * Values of the best and of the palest colour, common to all maps. Losses that blew up share the palest one: they would take
 * all the colours from the basin.
 */
export function tintRange({ rows, margin }: BasinScene, tint: Tint): [number, number] {
  const cells = rows.flatMap(({ maps }) => maps.flatMap(({ map }) => map?.cells ?? []));
  const tints = cells.flatMap((cell) => tintOf(cell, tint) ?? []).sort((a, b) => a - b);
  if (tints.length === 0) return [0, 1];
  const lowest = tints[0];
  const typical = tints[Math.floor(0.75 * (tints.length - 1))];
  const top = Math.min(tints[tints.length - 1], Math.max(typical, lowest + 6 * margin));
  return [lowest, Math.max(top, lowest + 1e-6)];
}

interface BasinLayout {
  /** Boxes of each recipe's maps, and where its name stands. */
  rows: { name: { x: number; y: number }; columns: number; boxes: Box[] }[];
  height: number;
  /** Of the colour scale. */
  scale: Box;
}

const ROW_HEAD = 44;
const ROW_FOOT = 40;

export function basinLayout({ rows, widths, values }: BasinScene, width: number): BasinLayout {
  let y = 14;
  const laid = rows.map(({ recipe: _ }) => {
    const grid = gridOf({
      count: widths.length,
      width,
      most: widths.length,
      least: 118,
      tall: (wide) => Math.round(Math.min(240, Math.max(96, (wide * values[1].length) / values[0].length))),
      edge: { top: ROW_HEAD, right: 10, bottom: ROW_FOOT, left: 52 },
      gap: { x: 14, y: 58 },
    });
    const boxes = grid.boxes.map((box) => ({ ...box, y: box.y + y }));
    const row = { name: { x: 0, y: y + 4 }, columns: grid.columns, boxes };
    y += grid.height;
    return row;
  });
  return {
    rows: laid,
    height: y + 56,
    scale: { x: 52, y: y + 18, width: Math.max(0, Math.min(260, width - 110)), height: 12 },
  };
}
