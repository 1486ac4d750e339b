/**
 * Coverage of the 80 % intervals of the compute-optimal frontier and of isoFLOP parabolas, on simulated designs whose law is known,
 * as a table:
 *
 *   npx tsx lab/calibration/frontier-coverage.ts [designs]
 */
import { pathToFileURL } from 'node:url';
import { randomStream } from '../../src/model/random.ts';
import { frontierReport } from '../../src/scaling/joint/joint.ts';

/** FLOPs of the budgets that are trained; the frontier is asked for at the largest, and at these times it. */
const BUDGETS = [1e17, 3e17, 1e18, 3e18];
export const REACHES = [1, 10, 100] as const;
/** Sizes of one budget over the best one. */
const AROUND = [1 / 4, 1 / 2, 0.8, 1.25, 2, 4];

interface Held {
  noise: number;
  exponent: boolean;
  /** By reach: whether the intervals held the true optimum, and a new training there. */
  sizes: boolean[];
  losses: boolean[];
  /** Half the interval of the best size by reach, in decades. */
  widths: number[];
  /** Of the parabolas whose vertex lies inside and has an interval. */
  vertices: boolean[];
  /** Null where there is no interval. */
  parabolaExponent: boolean | null;
}

/**
 * Six sizes at each of four budgets, from a quarter to four times about the best. E uniform in 1 to 3, A and B so that either term is 0.3 to
 * 1 nat at 1e8 parameters and 2e9 tokens, exponents uniform in 0.25 to 0.5, noise log-uniform in 0.05 to 1 % of the loss.
 */
export function simulateFrontiers(count: number, seed: number): Held[] {
  const random = randomStream(seed, 'isoFLOP designs');
  const uniform = (lo: number, hi: number) => lo + (hi - lo) * random.uniform();
  return Array.from({ length: count }, () => {
    const [E, termN, termD] = [uniform(1, 3), uniform(0.3, 1), uniform(0.3, 1)];
    const [alpha, beta] = [uniform(0.25, 0.5), uniform(0.25, 0.5)];
    const noise = 0.0005 * 20 ** random.uniform();
    const [A, B] = [termN * 1e8 ** alpha, termD * 2e9 ** beta];
    const law = (n: number, d: number) => E + A / n ** alpha + B / d ** beta;
    const best = (compute: number) =>
      ((alpha * A) / (beta * B)) ** (1 / (alpha + beta)) * (compute / 6) ** (beta / (alpha + beta));
    const train = (n: number, d: number) => law(n, d) * (1 + noise * random.normal());
    // Nobody knows the best size beforehand: the sizes lie about it by up to a factor of two.
    const off = 2 ** uniform(-1, 1);
    const points = BUDGETS.flatMap((compute) =>
      AROUND.map((times) => {
        const n = best(compute) * off * times;
        const d = compute / 6 / n;
        return { n, d, loss: train(n, d) };
      }),
    );
    const budgets = REACHES.map((times) => times * BUDGETS.at(-1)!);
    const { frontier, isoFlop } = frontierReport({ points, targets: [], budgets });
    const holds = ([lo, hi]: readonly [number, number], value: number) => lo <= value && value <= hi;
    const power = beta / (alpha + beta);
    const vertices = (isoFlop?.parabolas ?? []).flatMap(({ compute, n, isInside }) =>
      isInside && n.lo !== null && n.hi !== null ? [holds([n.lo, n.hi], best(compute))] : [],
    );
    const through = isoFlop?.exponent;
    return {
      noise,
      exponent: frontier !== null && holds(frontier.exponent.interval, power),
      sizes: budgets.map((compute, i) => frontier !== null && holds(frontier.points[i]!.n.interval, best(compute))),
      losses: budgets.map((compute, i) => {
        const n = best(compute);
        return frontier !== null && holds(frontier.points[i]!.loss.interval, train(n, compute / 6 / n));
      }),
      widths: budgets.map((_, i) => {
        const [lo, hi] = frontier?.points[i]!.n.interval ?? [0, Infinity];
        return Math.log10(hi / lo) / 2;
      }),
      vertices,
      parabolaExponent:
        through && through.lo !== null && through.hi !== null ? holds([through.lo, through.hi], power) : null,
    };
  });
}

/** Percent with its standard error. */
function share(held: readonly boolean[]): string {
  const p = held.filter(Boolean).length / held.length;
  return `${(100 * p).toFixed(1)} ± ${(100 * Math.sqrt((p * (1 - p)) / held.length)).toFixed(1)}`;
}

const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;

function main(): void {
  const all = simulateFrontiers(Number(process.argv[2] ?? 400), 1);
  const noises = [
    ['all', 0, 1],
    ['noise under 0.15 %', 0, 0.0015],
    ['noise 0.15 to 0.4 %', 0.0015, 0.004],
    ['noise over 0.4 %', 0.004, 1],
  ] as const;
  const row = (name: string, cells: readonly string[]) => `| ${name} | ${cells.join(' | ')} |`;
  console.log(
    row(
      '80 % interval of',
      noises.map(([name]) => name),
    ),
  );
  console.log(
    row(
      '---',
      noises.map(() => '---:'),
    ),
  );
  const told = (name: string, of: (one: Held) => boolean | readonly boolean[] | null) =>
    console.log(
      row(
        name,
        noises.map(([, lo, hi]) =>
          share(all.filter(({ noise }) => noise >= lo && noise < hi).flatMap((one) => of(one) ?? [])),
        ),
      ),
    );
  told('exponent of the frontier', ({ exponent }) => exponent);
  REACHES.forEach((times, i) => told(`best N at ${times} x the largest budget`, ({ sizes }) => sizes[i]!));
  REACHES.forEach((times, i) => told(`loss of a training there, ${times} x`, ({ losses }) => losses[i]!));
  told('vertex of a parabola', ({ vertices }) => vertices);
  told('exponent through the vertices', ({ parabolaExponent }) => parabolaExponent);
  console.log(
    `\n${all.length} designs; half the interval of the best N, median, in factors: ${REACHES.map((times, i) => `${(10 ** median(all.map(({ widths }) => widths[i]!))).toFixed(2)} at ${times} x`).join(', ')}.`,
  );
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) main();
