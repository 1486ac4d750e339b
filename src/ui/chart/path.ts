/** Straight lines and what lies between two of them, as SVG paths to a tenth of a pixel. */

type Place = readonly [x: number, y: number];

const tenth = (pixels: number) => Math.round(pixels * 10) / 10;

/** A line through places in their order; where one has no finite place, the line has a gap. */
export function linePath(places: readonly Place[]): string {
  let path = '';
  let isOn = false;
  for (const [x, y] of places) {
    const isThere = Number.isFinite(x) && Number.isFinite(y);
    if (isThere) path += `${isOn ? 'L' : 'M'}${tenth(x)},${tenth(y)}`;
    isOn = isThere;
  }
  return path;
}

/** What lies between a lower and an upper line over the same finite x. */
export const bandPath = (lower: readonly Place[], upper: readonly Place[]): string =>
  lower.length === 0 ? '' : `${linePath([...upper, ...lower.toReversed()])}Z`;
