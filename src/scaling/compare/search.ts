/** Finds, for one setting, the pair of exponents that the losses favour, and how far around it they do. */
import { forward } from '../numeric/cholesky.ts';
import type { LawPair, Setting, Solution } from './laws.ts';

export interface Peak {
  setting: Setting;
  logB: [number, number];
  /** Principal axes of the peak in (log b of A, log b of B), each as long as one standard deviation. */
  axes: [[number, number], [number, number]];
  /** Log of the setting's share of the evidence, taking the peak for a normal density. */
  logMass: number;
}

const MOST_STEPS = 20;
/** Log density that one more step must gain to be worth taking. */
const GAIN = 1e-3;
/** Longest and shortest axis of a peak, in log b. */
const LONGEST = 1;
const SHORTEST = 1e-6;

/**
 * Gauss-Newton steps from where the setting before ended, halved until the density grows.
 * @param start log b of A and B, of each law fitted alone.
 * @param density log density of the exponents.
 * @param variance σ² for a sum of squares.
 */
export function exponentSearch(
  laws: LawPair,
  start: readonly [number, number],
  density: (setting: Setting, solution: Solution) => number,
  variance: (sse: number) => number,
): (setting: Setting) => Peak {
  return (setting) => {
    const at = (a: number, b: number) => density(setting, laws.solve(setting, Math.exp(a), Math.exp(b)));
    let [a, b] = [laws.clamped(0, start[0]), laws.clamped(1, start[1])];
    let best = at(a, b);
    for (let step = 0; step < MOST_STEPS; step++) {
      const { gradient, information } = slopesAt(laws, setting, a, b);
      const [da, db] = solved(information, gradient);
      let share = 1;
      let next = best;
      let [p, q] = [a, b];
      for (; share > 1 / 64; share /= 2) {
        [p, q] = [laws.clamped(0, a + share * da), laws.clamped(1, b + share * db)];
        next = at(p, q);
        if (next > best) break;
      }
      if (!(next > best)) break;
      const gain = next - best;
      [a, b, best] = [p, q, next];
      if (gain < GAIN) break;
    }
    const { information } = slopesAt(laws, setting, a, b);
    const axes = axesOf(information, variance(laws.solution.sse));
    const area = Math.abs(axes[0][0] * axes[1][1] - axes[0][1] * axes[1][0]);
    return { setting, logB: [a, b], axes, logMass: best + Math.log(area) };
  };
}

type Symmetric = [aa: number, ab: number, bb: number];

const columns = [new Float64Array(4), new Float64Array(4)];

/** Of half the sum of squares, by log b of A and B, excess and floor following: minus the gradient, and Gauss-Newton's Hessian. */
function slopesAt(
  laws: LawPair,
  setting: Setting,
  a: number,
  b: number,
): { gradient: [number, number]; information: Symmetric } {
  const solution = laws.solve(setting, Math.exp(a), Math.exp(b));
  const { estimate, factor } = solution;
  const dA = laws.tangent(0, setting.form, a);
  const dB = laws.tangent(1, setting.form, b);
  const [qA, qB] = laws.q;
  const { weightA, weightB, between, rightA, rightB } = setting;
  const gradient: [number, number] = [0, 0];
  const information: Symmetric = [0, 0, 0];
  const [cA, cB] = columns as [Float64Array, Float64Array];
  cA.fill(0);
  cB.fill(0);
  for (let i = 0; i < qA.length; i++) {
    const [wA, wB, w, u, v] = [weightA[i]!, weightB[i]!, between[i]!, dA[i]!, dB[i]!];
    const lawA = estimate[1]! + estimate[0]! * qA[i]!;
    const lawB = estimate[3]! + estimate[2]! * qB[i]!;
    gradient[0] += u * (rightA[i]! - wA * lawA - w * lawB);
    gradient[1] += v * (rightB[i]! - wB * lawB - w * lawA);
    information[0] += wA * u * u;
    information[1] += w * u * v;
    information[2] += wB * v * v;
    cA[0]! += wA * qA[i]! * u;
    cA[1]! += wA * u;
    cA[2]! += w * qB[i]! * u;
    cA[3]! += w * u;
    cB[0]! += w * qA[i]! * v;
    cB[1]! += w * v;
    cB[2]! += wB * qB[i]! * v;
    cB[3]! += wB * v;
  }
  forward(factor, cA);
  forward(factor, cB);
  for (let k = 0; k < 4; k++) {
    information[0] -= cA[k]! ** 2;
    information[1] -= cA[k]! * cB[k]!;
    information[2] -= cB[k]! ** 2;
  }
  return { gradient, information };
}

/** H⁻¹ g, with a little added to H where it is all but singular. */
function solved([aa, ab, bb]: Symmetric, [p, q]: [number, number]): [number, number] {
  const ridge = 1e-9 * (aa + bb) + 1e-300;
  const determinant = (aa + ridge) * (bb + ridge) - ab * ab;
  return [((bb + ridge) * p - ab * q) / determinant, ((aa + ridge) * q - ab * p) / determinant];
}

/** Eigenvectors of variance · H⁻¹, each with the root of its eigenvalue as length. */
function axesOf([aa, ab, bb]: Symmetric, variance: number): Peak['axes'] {
  const angle = Math.atan2(2 * ab, aa - bb) / 2;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const along = aa * cos * cos + 2 * ab * cos * sin + bb * sin * sin;
  const across = aa * sin * sin - 2 * ab * cos * sin + bb * cos * cos;
  const length = (value: number) =>
    Math.min(LONGEST, Math.max(SHORTEST, Math.sqrt(variance / Math.max(value, 1e-300))));
  const [p, q] = [length(along), length(across)];
  return [
    [p * cos, p * sin],
    [-q * sin, q * cos],
  ];
}
