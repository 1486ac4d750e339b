/** How the lines of one size look wherever they are drawn: colour, shape and dash together, so that any one of them tells. */
import { sizeRamp } from './ramp.ts';
import { DASHES, SHAPES, type Shape } from './shapes.ts';

interface SeriesStyle {
  color: string;
  shape: Shape;
  dash: string | undefined;
}

/** @param index of the size, smallest first, among `count`. */
export function seriesStyle(index: number, count: number, isDark: boolean): SeriesStyle {
  return {
    color: sizeRamp(isDark)(count > 1 ? index / (count - 1) : 0.5),
    shape: SHAPES[index % SHAPES.length],
    // Once around, a shape comes with another dash.
    dash: DASHES[(index + Math.floor(index / SHAPES.length)) % DASHES.length],
  };
}
