/** Pairs of recipes whose laws, noise and crossing are known. */
import { randomStream, type RandomStream } from '../../src/model/random.ts';
import type { ComparedRecipe } from '../../src/scaling/compare/runs.ts';

export interface Law {
  c: number;
  /** Excess over the floor at the smallest width. */
  excess: number;
  b: number;
}

export interface ComparedPair {
  a: ComparedRecipe;
  b: ComparedRecipe;
  laws: [Law, Law];
  widths: number[];
  target: number;
  seeds: number;
  /** Correlation of the noise within a pair, and its standard deviation as a share of the loss. */
  correlation: number;
  noise: number;
  /** Where the laws cross between the smallest width and the target; null where they do not. */
  crossing: number | null;
}

export type Kind = 'equal' | 'unequal' | 'crossing';

const FIRST = 16;

/**
 * 5 or 6 widths from 16 in steps of 1.35 to 2, 1 to 3 seeds, noise of 0.1 to 1 % (log-uniform), correlation 0 to 0.95,
 * target at 2 or 4 times the largest. The laws are equal; or B's floor, excess and exponent are off by up to 3, 10 and
 * 15 %; or B's are such that they cross, away from the ends, with at least 1 % of the loss between them at the target.
 */
export function comparedPairs(count: number, seed: number, kind: Kind): ComparedPair[] {
  const random = randomStream(seed, `compared ladders, ${kind}`);
  return Array.from({ length: count }, () => {
    for (;;) {
      const pair = drawnPair(random, kind);
      if (kind !== 'crossing' || isClearlyCrossing(pair)) return pair;
    }
  });
}

export const lawAt = ({ c, excess, b }: Law, x: number): number => c + excess * (x / FIRST) ** -b;

function drawnPair(random: RandomStream, kind: Kind): ComparedPair {
  const uniform = (lo: number, hi: number) => lo + (hi - lo) * random.uniform();
  const logUniform = (lo: number, hi: number) => lo * (hi / lo) ** random.uniform();
  const ratio = uniform(1.35, 2);
  const widths = Array.from({ length: 5 + random.below(2) }, (_, i) => Math.round(FIRST * ratio ** i));
  const target = widths.at(-1)! * (2 + 2 * random.below(2));
  const seeds = 1 + random.below(3);
  const correlation = uniform(0, 0.95);
  const noise = logUniform(0.001, 0.01);
  const first = { c: uniform(0.5, 4), excess: uniform(0.2, 2.5), b: logUniform(0.15, 1.5) };
  const off = (most: number) => (kind === 'equal' ? 1 : 1 + uniform(-most, most));
  const [ofFloor, ofExcess, ofB] = kind === 'crossing' ? [0.05, 0.3, 0.3] : [0.03, 0.1, 0.15];
  const second = { c: first.c * off(ofFloor), excess: first.excess * off(ofExcess), b: first.b * off(ofB) };
  const laws: [Law, Law] = [first, second];
  const points: ComparedRecipe['points'][] = [[], []];
  for (const width of widths) {
    const losses: { seed: number; loss: number }[][] = [[], []];
    for (let seed = 0; seed < seeds; seed++) {
      const shared = random.normal();
      for (const side of [0, 1] as const) {
        const z = Math.sqrt(correlation) * shared + Math.sqrt(1 - correlation) * random.normal();
        losses[side]!.push({ seed, loss: lawAt(laws[side], width) * (1 + noise * z) });
      }
    }
    points.forEach((of, side) => of.push({ width, x: width, losses: losses[side]! }));
  }
  const [a, b] = [
    { name: 'A', points: points[0]! },
    { name: 'B', points: points[1]! },
  ];
  return { a, b, laws, widths, target, seeds, correlation, noise, crossing: lastCrossing(laws, widths[0]!, target) };
}

/** The largest x at which the laws change places. */
function lastCrossing([p, q]: [Law, Law], lo: number, hi: number): number | null {
  const at = (x: number) => lawAt(p, x) - lawAt(q, x);
  const steps = 2000;
  for (let i = steps; i > 0; i--) {
    const [x, y] = [lo * (hi / lo) ** ((i - 1) / steps), lo * (hi / lo) ** (i / steps)];
    if (at(x) * at(y) < 0) return Math.sqrt(x * y);
  }
  return null;
}

function isClearlyCrossing({ laws, widths, target, crossing }: ComparedPair): boolean {
  const share = (x: number) => Math.abs(lawAt(laws[0], x) / lawAt(laws[1], x) - 1);
  return crossing !== null && share(target) > 0.01 && share(widths[0]!) > 0.01;
}
