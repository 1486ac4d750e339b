/** Pairs of laws drawn from the posterior: the same ones every time. */
import { randomStream, type RandomStream } from '../../model/random.ts';
import { backward } from '../numeric/cholesky.ts';
import type { PairPosterior } from './posterior.ts';
import type { PairedRuns } from './runs.ts';
import { excessAt } from '../width/law-forms.ts';

/** Laws of one recipe, one per draw: c + A·φ at log x - logScale. */
interface DrawnLaws {
  logScale: number;
  b: Float64Array;
  second: Float64Array;
  amplitude: Float64Array;
  floor: Float64Array;
}

export interface Draws {
  count: number;
  /** Of A and of B. */
  laws: [DrawnLaws, DrawnLaws];
  /** ρ of each draw. */
  correlation: Float64Array;
}

const COUNT = 2000;
/** Draws at one node that may be rejected for a negative excess or floor before the node is given up for this draw. */
const TRIES = 40;

export function drawLaws(runs: PairedRuns, { laws, freedom, known, nodes }: PairPosterior): Draws {
  const random = randomStream(1, 'comparison draws');
  const drawn = [emptyLaws(runs.logScale[0]), emptyLaws(runs.logScale[1])] as const;
  const correlation = new Float64Array(COUNT);
  let count = 0;
  let from = -1;
  let below = 0;
  const z = new Float64Array(4);
  const shift = random.uniform();
  for (let k = 0; k < COUNT; k++) {
    // Evenly spaced shares of the total weight: every node comes as often as it should, to within one.
    const before = from;
    while (from < 0 || (below < (k + shift) / COUNT && from < nodes.length - 1)) below += nodes[++from]!.weight;
    const { setting, logB } = nodes[from]!;
    const b = [Math.exp(logB[0]), Math.exp(logB[1])] as const;
    if (from !== before) laws.solve(setting, ...b);
    const { estimate, factor, sse, centre, spread } = laws.solution;
    for (let tries = 0; tries < TRIES; tries++) {
      const scale = Math.sqrt((sse + known.sum) / chiSquare(random, freedom));
      for (let i = 0; i < 4; i++) z[i] = scale * random.normal();
      backward(factor, z);
      let isLaw = true;
      for (const side of [0, 1] as const) {
        const into = drawn[side];
        const amplitude = (estimate[2 * side]! + z[2 * side]!) / spread[side];
        const floor = runs.level[side] + estimate[2 * side + 1]! + z[2 * side + 1]! - amplitude * centre[side];
        into.amplitude[count] = amplitude;
        into.floor[count] = floor;
        isLaw &&= !(amplitude < 0 || floor < 0);
      }
      if (!isLaw) continue;
      for (const side of [0, 1] as const) {
        drawn[side].b[count] = b[side];
        drawn[side].second[count] = laws.second(side, setting.form, b[side]);
      }
      correlation[count] = setting.correlation;
      count += 1;
      break;
    }
  }
  return { count, laws: [drawn[0], drawn[1]], correlation };
}

/** Each draw and its mirror image: for recipes whose losses are the same, so that neither is favoured by chance. */
export function withMirrored({ count, laws: [a, b], correlation }: Draws): Draws {
  const joined = (one: DrawnLaws, other: DrawnLaws): DrawnLaws => {
    const both = (of: (laws: DrawnLaws) => Float64Array) =>
      Float64Array.of(...of(one).subarray(0, count), ...of(other).subarray(0, count));
    return {
      logScale: one.logScale,
      b: both((laws) => laws.b),
      second: both((laws) => laws.second),
      amplitude: both((laws) => laws.amplitude),
      floor: both((laws) => laws.floor),
    };
  };
  const twice = Float64Array.of(...correlation.subarray(0, count), ...correlation.subarray(0, count));
  return { count: 2 * count, laws: [joined(a, b), joined(b, a)], correlation: twice };
}

/** Law of A less law of B at x, for every draw. */
export function differencesAt({ count, laws: [a, b] }: Draws, x: number): Float64Array {
  const [tA, tB] = [Math.log(x) - a.logScale, Math.log(x) - b.logScale];
  const out = new Float64Array(count);
  for (let i = 0; i < count; i++) out[i] = lawAt(a, i, tA) - lawAt(b, i, tB);
  return out;
}

const lawAt = ({ b, second, amplitude, floor }: DrawnLaws, i: number, t: number): number =>
  floor[i]! + amplitude[i]! * excessAt(b[i]!, second[i]!, t);

const emptyLaws = (logScale: number): DrawnLaws => ({
  logScale,
  b: new Float64Array(COUNT),
  second: new Float64Array(COUNT),
  amplitude: new Float64Array(COUNT),
  floor: new Float64Array(COUNT),
});

/** χ² with at least 2 degrees of freedom, by Marsaglia & Tsang 2000. */
function chiSquare(random: RandomStream, freedom: number): number {
  const d = freedom / 2 - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const z = random.normal();
    const v = (1 + c * z) ** 3;
    if (v > 0 && Math.log(1 - random.uniform()) < (z * z) / 2 + d - d * v + d * Math.log(v)) return 2 * d * v;
  }
}
