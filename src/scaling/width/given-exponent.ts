/** What the points say once the form of the law and b are given: (A, c), or A alone, is then a Student t. */
import { excessAt } from './law-forms.ts';
import { densityAtZero, studentT } from '../numeric/student-t.ts';
import type { LawPoints, LinearFit } from './width-law.ts';

/** Probability of A < 0 or c < 0 from which a component is cut into cells of c that respect the signs. */
const CUT_FROM = 1e-3;
const CELLS = 10;

/** One Student t: the law A·φ + c at φ has mean A·φ + c and variance s²·(constant + (φ - centre)²/spread). */
export interface PartAt {
  /** Its share of what is known at its b. */
  weight: number;
  amplitude: number;
  c: number;
  /** Whole number of degrees of freedom, at or below those that s² was made with. */
  freedom: number;
  /** s²: noise variance in the units of 1 / weight of a point. */
  variance: number;
  constant: number;
  centre: number;
  spread: number;
  /** Where c was cut into cells: the width of this one, else 0. */
  cell: number;
}

export interface Given {
  /** Log marginal likelihood of the points at this b, up to a constant that all forms share. */
  density(fit: LinearFit): number;
  /** The same by the fit within A >= 0 and c >= 0, which is where the parts end up: for finding the peak. */
  peaked(fit: LinearFit): number;
  parts(fit: LinearFit): PartAt[];
}

/**
 * A law with a floor.
 * @param freedom of the noise: points - 2 and what is known beside them.
 * @param known sum of squares beside the residuals'.
 */
export function withFloor(ladder: LawPoints, freedom: number, known: number): Given {
  const logRange = Math.log(ladder.y.reduce((sum, y) => sum + y, 0) / ladder.y.length);
  const [first, last] = [ladder.t[0]!, ladder.t.at(-1)!];
  const at = ({ b, second, moments }: LinearFit, sse: number) => {
    const fall = excessAt(b, second, first) - excessAt(b, second, last);
    const determinant = (moments.weight * moments.spread) / (fall * fall);
    return -(freedom / 2) * Math.log(sse + known) - Math.log(determinant) / 2 - logRange;
  };
  return {
    density: (fit) => at(fit, fit.free.sse),
    peaked: (fit) => at(fit, fit.sse),
    parts: (fit) => partsWithFloor(fit, freedom, fit.free.sse + known),
  };
}

/** The law A·φ: one parameter less, so one degree of freedom more. */
export function withoutFloor(ladder: LawPoints, freedom: number, known: number): Given {
  const { y, weight } = ladder;
  const loss = y.reduce((sum, one, i) => sum + weight[i]! * one * one, 0);
  // The constants by which integrals over σ with one degree of freedom more and with one parameter less differ.
  const whole = Math.floor(freedom);
  const constant = Math.log(densityAtZero(whole) * Math.sqrt(whole));
  const at = ({ b, moments }: LinearFit) => {
    const ff = moments.spread + moments.weight * moments.mean ** 2;
    const fy = sumOf(ladder, b);
    return { ff, amplitude: fy / ff, sum: Math.max(0, loss - (fy * fy) / ff) + known };
  };
  const density = (fit: LinearFit) => {
    const { ff, sum } = at(fit);
    return constant - ((freedom + 1) / 2) * Math.log(sum) - Math.log(ff) / 2;
  };
  return {
    density,
    peaked: density,
    parts(fit) {
      const { ff, amplitude, sum } = at(fit);
      const variance = sum / (freedom + 1);
      return [
        { weight: 1, amplitude, c: 0, freedom: whole + 1, variance, constant: 0, centre: 0, spread: ff, cell: 0 },
      ];
    },
  };
}

const sumOf = ({ t, y, weight }: LawPoints, b: number) =>
  t.reduce((sum, value, i) => sum + weight[i]! * Math.exp(-b * value) * y[i]!, 0);

/** The t of (A, c) at one b; where it reaches into A < 0 or c < 0, cut into cells of c within the allowed range. */
function partsWithFloor(fit: LinearFit, freedom: number, sum: number): PartAt[] {
  const { weight, mean, spread } = fit.moments;
  const { amplitude, c } = fit.free;
  const variance = sum / freedom;
  const whole = Math.floor(freedom);
  const cScale = Math.sqrt(variance * (1 / weight + (mean * mean) / spread));
  const aScale = Math.sqrt(variance / spread);
  const belowZero = studentT(-c / cScale, whole).below + studentT(-amplitude / aScale, whole).below;
  const uncut = { amplitude, c, freedom: whole, variance, constant: 1 / weight, centre: mean, spread, cell: 0 };
  if (belowZero < CUT_FROM) return [{ ...uncut, weight: 1 }];

  const ff = spread + weight * mean * mean;
  const fy = amplitude * ff + c * weight * mean;
  // Given c, A is known so well that A >= 0 is c <= Σwφy / Σwφ.
  const from = Math.asinh(-c / cScale);
  const to = Math.asinh((fy / (weight * mean) - c) / cScale);
  const step = (to - from) / CELLS;
  return Array.from({ length: CELLS }, (_, i) => {
    const u = from + (i + 0.5) * step;
    const z = Math.sinh(u);
    const value = c + cScale * z;
    return {
      amplitude: Math.max(0, (fy - value * weight * mean) / ff),
      c: value,
      freedom: whole + 1,
      variance: (sum + variance * z * z) / (freedom + 1),
      constant: 0,
      centre: 0,
      spread: ff,
      cell: cScale * Math.cosh(u) * step,
      weight: studentT(z, whole).density * Math.cosh(u) * step,
    };
  });
}
