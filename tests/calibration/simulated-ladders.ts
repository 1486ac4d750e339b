/** Ladders with a known law, and how often the intervals hold the loss of one new run on them. */
import { randomStream } from '../../../src/model/random.ts';
import { fitLaw } from '../../../src/scaling/law.ts';
import { LEVELS, type FitPoint, type Level } from '../../../src/scaling/report.ts';

export interface SimulatedLadder {
  rungs: number;
  /** Standard deviation of one run's loss, as a share of the loss. */
  noise: number;
  points: FitPoint[];
  /** One new run at 2 and at 4 times the largest rung. */
  targets: { factor: number; x: number; loss: number }[];
}

export interface SimulationOptions {
  count: number;
  seed: number;
  rungs: [least: number, most: number];
  /** Least and most relative noise, drawn log-uniformly. */
  noise: [least: number, most: number];
  /** Whether the points carry their true noise as a standard error. */
  standardErrors?: boolean;
}

/**
 * Widths from 16 in steps of 1.35 to 2; b log-uniform in 0.15 to 1.5, floor 0.5 to 4 and excess 0.2 to 2.5 nats at
 * width 16, both uniform; Gaussian noise in proportion to the loss.
 */
export function simulate({ count, seed, rungs, noise, standardErrors = false }: SimulationOptions): SimulatedLadder[] {
  const random = randomStream(seed, 'simulated ladders');
  const uniform = (lo: number, hi: number) => lo + (hi - lo) * random.uniform();
  const logUniform = (lo: number, hi: number) => lo * (hi / lo) ** random.uniform();
  return Array.from({ length: count }, () => {
    const n = rungs[0] + random.below(rungs[1] - rungs[0] + 1);
    const b = logUniform(0.15, 1.5);
    const c = uniform(0.5, 4);
    const excess = uniform(0.2, 2.5);
    const ratio = uniform(1.35, 2);
    const sigma = logUniform(noise[0], noise[1]);
    const law = (x: number) => c + excess * (x / 16) ** -b;
    const measured = (x: number) => law(x) * (1 + sigma * random.normal());
    const points = Array.from({ length: n }, (_, i) => {
      const x = 16 * ratio ** i;
      return { x, loss: measured(x), ...(standardErrors ? { standardError: sigma * law(x) } : {}) };
    });
    const widest = points.at(-1)!.x;
    const targets = [2, 4].map((factor) => ({ factor, x: factor * widest, loss: measured(factor * widest) }));
    return { rungs: n, noise: sigma, points, targets };
  });
}

/** Share of targets inside their interval, by level, of those that `keep` lets through. */
export function coverage(
  ladders: readonly SimulatedLadder[],
  keep: (ladder: SimulatedLadder, factor: number) => boolean = () => true,
): Record<Level, number> & { targets: number } {
  const held = { '50': 0, '80': 0, '95': 0 };
  let targets = 0;
  for (const ladder of ladders) {
    const wanted = ladder.targets.filter(({ factor }) => keep(ladder, factor));
    if (wanted.length === 0) continue;
    const law = fitLaw(ladder.points);
    for (const { x, loss } of wanted) {
      const interval = law.intervalAt(x);
      targets += 1;
      for (const level of LEVELS) {
        const [lo, hi] = interval(level);
        if (lo <= loss && loss <= hi) held[level] += 1;
      }
    }
  }
  return { '50': held['50'] / targets, '80': held['80'] / targets, '95': held['95'] / targets, targets };
}
