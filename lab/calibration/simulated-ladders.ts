/** Ladders whose law and noise are known. */
import { randomStream, type RandomStream } from '../../src/model/random.ts';
import type { FitPoint } from '../../src/scaling/width/report.ts';
import { TARGET_FACTORS, type Trial } from './trial.ts';

/** x of the smallest rung, where the excess over the floor is drawn. */
const FIRST = 16;

/**
 * What the losses follow, with u = ln(x/16):
 * - width law: c + a·x^-b
 * - second term: c + a·x^-b + a'·x^-b', a tenth to a half of the excess at x = 16 dying with b' = b + 0.5 to 1.5
 * - slow curvature: the exponent itself drifts, excess ∝ exp(-b·u·(1 + κ·u)) with κ in ±0.04: over the longest ladder
 *   the local exponent ends at half to one and a half times what it began with
 */
type Truth = 'width law' | 'second term' | 'slow curvature';

export interface SimulationOptions {
  count: number;
  seed: number;
  truth?: Truth;
  rungs: [least: number, most: number];
  /** Least and most standard deviation of one run's loss, as a share of the loss, drawn log-uniformly. */
  noise: [least: number, most: number];
  /** Share of the ladders without any noise. */
  exact?: number;
  /** Runs at each rung; their mean is the point, with its standard error. 1 when left out. */
  replicates?: [least: number, most: number];
  /** Whether points of one run carry their true noise as a standard error. */
  standardErrors?: boolean;
}

export interface Simulated {
  noise: number;
  /** b of the first term. */
  exponent: number;
}

/**
 * Widths from 16 in steps of 1.35 to 2; b log-uniform in 0.15 to 1.5, floor 0.5 to 4 and excess 0.2 to 2.5 nats at
 * width 16, both uniform; Gaussian noise in proportion to the loss.
 */
export function simulate(options: SimulationOptions): Trial<Simulated>[] {
  const { count, seed, truth = 'width law', rungs, noise, exact = 0, replicates = [1, 1] } = options;
  const random = randomStream(seed, 'simulated ladders');
  const between = (least: number, most: number) => least + random.below(most - least + 1);
  return Array.from({ length: count }, () => {
    const n = between(...rungs);
    const exponent = logUniform(random, 0.15, 1.5);
    const law = drawLaw(random, truth, exponent);
    const ratio = uniform(random, 1.35, 2);
    const relative = logUniform(random, ...noise);
    const sigma = random.uniform() < exact ? 0 : relative;
    const runs = between(...replicates);
    const measured = (x: number) => law(x) * (1 + sigma * random.normal());
    const points = Array.from({ length: n }, (_, i) => {
      const x = FIRST * ratio ** i;
      if (runs > 1)
        return meanPoint(
          x,
          Array.from({ length: runs }, () => measured(x)),
        );
      return { x, loss: measured(x), ...(options.standardErrors ? { standardError: sigma * law(x) } : {}) };
    });
    const widest = points.at(-1)!.x;
    const targets = TARGET_FACTORS.map((factor) => ({ factor, x: factor * widest, loss: measured(factor * widest) }));
    return { points, targets, about: { noise: sigma, exponent } };
  });
}

function drawLaw(random: RandomStream, truth: Truth, b: number): (x: number) => number {
  const c = uniform(random, 0.5, 4);
  const excess = uniform(random, 0.2, 2.5);
  const share = truth === 'second term' ? uniform(random, 0.1, 0.5) : 0;
  const faster = b + uniform(random, 0.5, 1.5);
  const drift = truth === 'slow curvature' ? uniform(random, -0.04, 0.04) : 0;
  return (x) => {
    const u = Math.log(x / FIRST);
    return c + excess * ((1 - share) * Math.exp(-b * u * (1 + drift * u)) + share * Math.exp(-faster * u));
  };
}

/** The mean of several runs at x, with its standard error s/√n. */
export function meanPoint(x: number, losses: readonly number[]): FitPoint {
  const n = losses.length;
  const loss = losses.reduce((sum, one) => sum + one, 0) / n;
  const squares = losses.reduce((sum, one) => sum + (one - loss) ** 2, 0);
  return { x, loss, standardError: Math.sqrt(squares / (n - 1) / n), seeds: n };
}

const uniform = (random: RandomStream, lo: number, hi: number) => lo + (hi - lo) * random.uniform();
const logUniform = (random: RandomStream, lo: number, hi: number) => lo * (hi / lo) ** random.uniform();
