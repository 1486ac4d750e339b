/** Intervals from the posterior mixture of the joint law: for one new run at (N, D), and for the law's parameters. */
import { jointAt, type JointLadder } from './linear.ts';
import { formAt, type JointComponent } from './posterior.ts';
import { mixtureQuantiles, type Part } from '../numeric/mixture.ts';
import type { Interval, Level } from '../width/report.ts';

/**
 * Predictive intervals for a new run at log(N/gN), log(D/gD): its noise, and doubt about all five parameters.
 * @param seeds runs that each point is the mean of.
 */
export function jointPredictive(
  components: readonly JointComponent[],
  n: number,
  d: number,
  seeds: number,
): (level: Level) => Interval {
  const quantile = mixtureQuantiles(
    components.map((component) => {
      const { weight, alpha, beta, variance, freedom, constant, fMean, gMean, inverse } = component;
      const spread = constant + formAt(inverse, Math.exp(-alpha * n) - fMean, Math.exp(-beta * d) - gMean);
      const location = jointAt({ ...component, sse: 0 }, n, d);
      return { weight, location, scale: Math.sqrt(variance * (seeds + spread)), freedom, uniform: 0 };
    }),
  );
  return (level) => {
    const tail = (1 - Number(level) / 100) / 2;
    return [Math.max(0, quantile(tail)), Math.max(0, quantile(1 - tail))];
  };
}

type JointIntervals = Record<'E' | 'A' | 'B' | 'alpha' | 'beta', Interval>;

/** 80 % intervals, equal in both tails; A and B in the units of N and D. */
export function jointParameterIntervals(components: readonly JointComponent[], ladder: JointLadder): JointIntervals {
  const parts = (of: (component: JointComponent) => Omit<Part, 'weight' | 'freedom'>): Part[] =>
    components.map((component) => ({ ...of(component), weight: component.weight, freedom: component.freedom }));
  const floors = parts(({ E, variance, constant, fMean, gMean, inverse, cell }) => {
    const scale = Math.sqrt(variance * (constant + formAt(inverse, fMean, gMean)));
    return { location: E, scale, uniform: cell };
  });
  const ofN = parts(({ A, alpha, variance, inverse }) => {
    const unit = Math.exp(alpha * ladder.logN);
    return { location: unit * A, scale: unit * Math.sqrt(variance * inverse[0]), uniform: 0 };
  });
  const ofD = parts(({ B, beta, variance, inverse }) => {
    const unit = Math.exp(beta * ladder.logD);
    return { location: unit * B, scale: unit * Math.sqrt(variance * inverse[2]), uniform: 0 };
  });
  return {
    E: middle(floors),
    A: middle(ofN),
    B: middle(ofD),
    alpha: weightedMiddle(components.map(({ weight, alpha }) => ({ weight, value: alpha }))),
    beta: weightedMiddle(components.map(({ weight, beta }) => ({ weight, value: beta }))),
  };
}

function middle(parts: readonly Part[]): Interval {
  const quantile = mixtureQuantiles(parts);
  return [Math.max(0, quantile(0.1)), Math.max(0, quantile(0.9))];
}

/** Weights at values, taken as a distribution that is linear between the middles of their steps. */
export function weightedMiddle(values: readonly { weight: number; value: number }[]): Interval {
  const sorted = [...values].sort((p, q) => p.value - q.value);
  const quantile = (p: number) => {
    let below = 0;
    for (const [i, { weight, value }] of sorted.entries()) {
      const here = below + weight / 2;
      if (here >= p || i === sorted.length - 1) {
        const before = sorted[i - 1];
        if (!before) return value;
        const there = below - before.weight / 2;
        return before.value + Math.min(1, (p - there) / (here - there)) * (value - before.value);
      }
      below += weight;
    }
    return sorted[0]!.value;
  };
  return [quantile(0.1), quantile(0.9)];
}
