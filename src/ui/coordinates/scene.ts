/** What the coordinate chart shows: for each module mean |activation| against width, a line per step, recipes side by side. */
import type { AxisSpec } from '../chart/axis.ts';
import { paddedDomain } from '../chart/axis.ts';
import type { Box } from '../chart/labels.ts';
import { gridOf } from '../chart/panels.ts';
import { stepRamp } from '../chart/ramp.ts';
import type { DrawnCheck, DrawnModule, ModuleRow } from './modules.ts';

/** One line: a module's size at each width after some updates. */
interface StepLine {
  step: number;
  points: (readonly [width: number, size: number])[];
}

/** @returns a line for each step; a size that is missing or zero is NaN, which a log axis has no place for. */
export function stepLines(
  { values }: Pick<DrawnModule, 'values'>,
  { widths, steps }: Pick<DrawnCheck, 'widths' | 'steps'>,
): StepLine[] {
  return steps.map((step, s) => ({
    step,
    points: widths.map((width, w) => [width, values[s]?.[w] || NaN] as const),
  }));
}

/** Colours of steps by their order, since the first few often lie together and the last far off. */
export function stepColor(steps: readonly number[], isDark: boolean): (step: number) => string {
  const ramp = stepRamp(isDark);
  return (step) => ramp(steps.length > 1 ? steps.indexOf(step) / (steps.length - 1) : 1);
}

interface StepItem {
  text: string;
  color: string;
  mark: 'line' | 'circle';
  hasLine?: boolean;
}

/** Steps that a legend has room for. */
const MOST_NAMED = 6;

/** The legend of all steps in their order, or of some of them where there are many; the chosen one is drawn over them. */
export function stepItems(steps: readonly number[], chosen: number, isDark: boolean): StepItem[] {
  const color = stepColor(steps, isDark);
  const last = steps.length - 1;
  const places = Array.from({ length: Math.min(steps.length, MOST_NAMED) }, (_, i) =>
    last < MOST_NAMED ? i : Math.round((i * last) / (MOST_NAMED - 1)),
  );
  return [
    ...places.map((i): StepItem => ({
      text: i === 0 ? `step ${steps[0]}` : String(steps[i]),
      color: color(steps[i]!),
      mark: 'line',
    })),
    { text: `chosen: ${chosen}`, color: 'var(--ink)', mark: 'circle', hasLine: true },
  ];
}

/** One y axis for a module in all recipes, so that they can be compared. */
export function sizeAxis({ sides }: ModuleRow): AxisSpec {
  const sizes = sides.flatMap(({ module }) =>
    (module?.values ?? []).flat().filter((size) => size !== null && size > 0),
  );
  const [lo, hi] = paddedDomain(sizes as number[], 'log', 0.08);
  // A module that keeps its size must look flat: the axis spans at least a factor of four.
  const middle = Math.sqrt(lo * hi);
  return {
    kind: 'log',
    domain: [Math.min(lo / 1.2, middle / 2), Math.max(hi * 1.3, middle * 2)],
    format: (size) => String(Number(size.toPrecision(2))),
  };
}

/** Where a module that is just within tolerance would go from the first width on. */
export function flatWedge({ points }: StepLine, tolerance: number): { x: number; lo: number; hi: number }[] {
  const [first, size] = points.find(([, value]) => Number.isFinite(value)) ?? [NaN, NaN];
  if (!Number.isFinite(size)) return [];
  return points.map(([x]) => ({ x, lo: size * (x / first) ** -tolerance, hi: size * (x / first) ** tolerance }));
}

interface Cell {
  /** Of the module's title. */
  x: number;
  y: number;
  /** One box for each recipe. */
  boxes: Box[];
}

/** Room for the last tick of one recipe and the first of the next. */
const BETWEEN = 18;

/** Cells for `rows` modules of `sides` recipes each, and the height of all of them. */
export function cellsOf(rows: number, sides: number, width: number): { cells: Cell[]; height: number } {
  const grid = gridOf({
    count: rows,
    width,
    most: 4,
    least: 96 * sides,
    tall: 112,
    edge: { top: 46, right: 10, bottom: 44, left: 42 },
    gap: { x: 54, y: 76 },
  });
  const cells = grid.boxes.map((box) => {
    const wide = (box.width - BETWEEN * (sides - 1)) / sides;
    const boxes = Array.from({ length: sides }, (_, i) => ({ ...box, x: box.x + i * (wide + BETWEEN), width: wide }));
    return { x: box.x - 32, y: box.y - 28, boxes };
  });
  return { cells, height: grid.height };
}
