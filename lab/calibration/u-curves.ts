/** Simulated losses over log2 of a hyperparameter: they fall slowly towards their minimum and rise steeply beyond it. */
import type { RandomStream } from '../../src/model/random.ts';
import type { SweptValue } from '../../src/checks/minimum.ts';

interface CurveShape {
  /** Rates of both exponentials, per octave. */
  fall: number;
  rise: number;
}

/** Second derivative at the minimum, in nats per squared octave, as small transformers have it. */
const CURVATURE = 0.02;

/** Loss at x octaves from the minimum. */
export function uCurve({ fall, rise }: CurveShape, x: number): number {
  const scale = CURVATURE / (fall + rise);
  return 3 + (scale / fall) * Math.exp(-fall * x) + (scale / rise) * Math.exp(rise * x);
}

interface Sampling {
  /** Distance of grid values in octaves. */
  step: number;
  /** Standard deviation of a single loss. */
  noise: number;
  seeds: number;
  /** log2 of the true best value. */
  minimum?: number;
}

/** A sweep of 13 values over a curve, its grid anywhere relative to the minimum. */
export function sampleSweep(
  shape: CurveShape,
  { step, noise, seeds, minimum = 0 }: Sampling,
  random: RandomStream,
): SweptValue[] {
  const offset = (random.uniform() - 0.5) * step;
  return Array.from({ length: 13 }, (_, i) => {
    const x = offset + (i - 6) * step;
    const done = Array.from({ length: seeds }, (__, seed) => ({
      ...{ seed, run: `s${seed}` },
      loss: uCurve(shape, x - minimum) + noise * random.normal(),
    }));
    return { value: 2 ** x, done, diverged: 0 };
  });
}

/** Steeper above the minimum than below it, as losses over the learning rate are. */
export const LOPSIDED: CurveShape[] = [
  { fall: 0.8, rise: 0.9 },
  { fall: 0.6, rise: 1.2 },
  { fall: 0.5, rise: 1.5 },
];
