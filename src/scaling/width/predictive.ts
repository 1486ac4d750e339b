/** Intervals from the posterior mixture: for the loss of one new run at x, and for the law's parameters. */
import { excessAt } from './law-forms.ts';
import type { Component } from './posterior.ts';
import type { Interval, Level } from './report.ts';
import { mixtureQuantiles, type Part } from '../numeric/mixture.ts';
import type { LawPoints } from './width-law.ts';

/**
 * Quantiles of the loss of one new run at x: its noise (`newVariance`), doubt about A, c, b and the form. A loss is never
 * negative.
 */
export function predictiveQuantiles(
  components: readonly Component[],
  ladder: LawPoints,
  x: number,
  newVariance: number,
): (p: number) => number {
  const t = Math.log(x) - ladder.logScale;
  const parts = components.map(({ weight, b, second, amplitude, c, freedom, variance, constant, centre, spread }) => {
    const phi = excessAt(b, second, t);
    const scale = Math.sqrt(variance * (newVariance + constant + (phi - centre) ** 2 / spread));
    return { weight, location: c + amplitude * phi, scale, freedom, uniform: 0 };
  });
  const quantile = mixtureQuantiles(parts);
  return (p) => Math.max(0, quantile(p));
}

/** The interval of a level, equal in both tails. */
export function middleOf(quantile: (p: number) => number, level: Level): Interval {
  const tail = (1 - Number(level) / 100) / 2;
  return [quantile(tail), quantile(1 - tail)];
}

/** 80 % intervals of a, b and c, equal in both tails. */
export function parameterIntervals(
  components: readonly Component[],
  ladder: LawPoints,
): { a: Interval; b: Interval; c: Interval } {
  const middle = (parts: Part[], least: number): Interval => {
    const quantile = mixtureQuantiles(parts);
    return [Math.max(least, quantile(0.1)), Math.max(least, quantile(0.9))];
  };
  const floors = components.map(({ weight, c, freedom, variance, constant, centre, spread, cell }) => {
    const scale = Math.sqrt(variance * (constant + centre ** 2 / spread));
    return { weight, location: c, scale, freedom, uniform: cell };
  });
  const amplitudes = components.map(({ weight, b, amplitude, freedom, variance, spread }) => {
    const unit = Math.exp(b * ladder.logScale);
    return { weight, location: amplitude * unit, scale: unit * Math.sqrt(variance / spread), freedom, uniform: 0 };
  });
  return { a: middle(amplitudes, 0), b: exponentInterval(components), c: middle(floors, 0) };
}

/** b's grid is a set of weights in log b; between nodes its distribution is taken as linear. */
function exponentInterval(components: readonly Component[]): Interval {
  const weights = new Map<number, number>();
  for (const { b, weight } of components) weights.set(b, (weights.get(b) ?? 0) + weight);
  const nodes = [...weights].sort(([p], [q]) => p - q);
  const quantile = (p: number) => {
    let below = 0;
    for (const [i, [b, weight]] of nodes.entries()) {
      if (below + weight >= p || i === nodes.length - 1) {
        const left = i === 0 ? b : Math.sqrt(b * nodes[i - 1]![0]);
        const right = i === nodes.length - 1 ? b : Math.sqrt(b * nodes[i + 1]![0]);
        return left * (right / left) ** Math.min(1, (p - below) / weight);
      }
      below += weight;
    }
    return nodes[0]![0];
  };
  return [quantile(0.1), quantile(0.9)];
}
