/**
 * What scales ask of d3-interpolate, for numbers, which are all that a chart here lies between. Vite puts it in that package's
 * place: its colours, dates and strings would be a twentieth of what the page loads first.
 */
export const interpolateNumber =
  (a: number, b: number) =>
  (t: number): number =>
    a * (1 - t) + b * t;

export const interpolateRound =
  (a: number, b: number) =>
  (t: number): number =>
    Math.round(a * (1 - t) + b * t);

export { interpolateNumber as interpolate };

/** Of scales whose domain has more than two ends; no chart here has one. */
export function piecewise(): never {
  throw new Error('No scale of the page is piecewise.');
}
