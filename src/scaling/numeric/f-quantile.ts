/** How large the ratio of two variances comes out by chance. */

/** Parts of Simpson's rule: the quantile is right to six digits. */
const PARTS = 512;

/**
 * The value below which a ratio of two estimates of one variance stays with this probability (Fisher's F). With t = sin²θ the
 * incomplete beta function is the integral of sin^(above-1) θ · cos^(below-1) θ, which is smooth.
 * @param above degrees of freedom of the estimate above the line, a whole number from 2
 * @param below of the one below it, from 1
 */
export function fQuantile(above: number, below: number, probability: number): number {
  const density = (angle: number) => Math.sin(angle) ** (above - 1) * Math.cos(angle) ** (below - 1);
  const whole = integral(density, Math.PI / 2);
  let [lo, hi] = [0, Math.PI / 2];
  for (let i = 0; i < 50; i++) {
    const middle = (lo + hi) / 2;
    if (integral(density, middle) < probability * whole) lo = middle;
    else hi = middle;
  }
  return (below / above) * Math.tan(lo) ** 2;
}

function integral(f: (x: number) => number, end: number): number {
  let sum = f(0) + f(end);
  for (let i = 1; i < PARTS; i++) sum += (i % 2 === 1 ? 4 : 2) * f((i * end) / PARTS);
  return (sum * end) / PARTS / 3;
}
