/**
 * Coverage of the joint law's intervals on simulated designs whose law is known, as a table:
 *
 *   npx tsx lab/calibration/joint-coverage.ts [designs]
 */
import { pathToFileURL } from 'node:url';
import { randomStream } from '../../src/model/random.ts';
import { jointReport } from '../../src/scaling/joint/joint.ts';
import type { Level } from '../../src/scaling/width/report.ts';

const WIDTHS = [8, 12, 16, 24, 32];
const TOKENS = [20e3, 40e3, 80e3, 160e3];
const sizeAt = (width: number) => 12 * width ** 2;

/** Where a new run is asked for: the width over the largest rung's, the tokens over the most. */
const REACHES = [
  { width: 2, tokens: 1 },
  { width: 4, tokens: 1 },
  { width: 2, tokens: 4 },
] as const;

interface Held {
  noise: number;
  /** By target, whether the interval of each level held the new run. */
  targets: Record<Level, boolean>[];
  /** Whether the 80 % interval of E held the true one. */
  floor: boolean;
}

/**
 * Five widths at four numbers of tokens. E uniform in 0.5 to 4, both terms 0.2 to 2 nats at the smallest N and D, both
 * exponents log-uniform in 0.15 to 1, noise log-uniform in 0.05 to 1 % of the loss.
 * @param common share of the noise's variance that is one and the same for all losses of a width: 0 where each is of a
 * training of its own, near 1 where they are evaluations of a single one.
 * @param areShared whether the fit is told that they are.
 */
export function simulateJoint(count: number, seed: number, common: number, areShared = common > 0): Held[] {
  const random = randomStream(seed, 'joint designs');
  const uniform = (lo: number, hi: number) => lo + (hi - lo) * random.uniform();
  const logUniform = (lo: number, hi: number) => lo * (hi / lo) ** random.uniform();
  return Array.from({ length: count }, () => {
    const [E, termN, termD] = [uniform(0.5, 4), uniform(0.2, 2), uniform(0.2, 2)];
    const [alpha, beta, noise] = [logUniform(0.15, 1), logUniform(0.15, 1), logUniform(0.0005, 0.01)];
    const law = (n: number, d: number) =>
      E + termN * (n / sizeAt(WIDTHS[0]!)) ** -alpha + termD * (d / TOKENS[0]!) ** -beta;
    const training = (n: number) => {
      const chance = Math.sqrt(common) * random.normal();
      return (d: number) => law(n, d) * (1 + noise * (chance + Math.sqrt(1 - common) * random.normal()));
    };
    const points = WIDTHS.map(sizeAt).flatMap((n) => {
      const lossAfter = training(n);
      return TOKENS.map((d) => ({ n, d, loss: lossAfter(d) }));
    });
    const targets = REACHES.map(({ width, tokens }) => ({
      n: sizeAt(width * WIDTHS.at(-1)!),
      d: tokens * TOKENS.at(-1)!,
    }));
    const { predictions, intervals } = jointReport({ points, targets, areShared });
    const holds = ([lo, hi]: [number, number], value: number) => lo <= value && value <= hi;
    return {
      noise,
      floor: holds(intervals!.E, E),
      targets: predictions.map(({ n, d, intervals: at }) => {
        const actual = training(n)(d);
        return { '50': holds(at['50'], actual), '80': holds(at['80'], actual), '95': holds(at['95'], actual) };
      }),
    };
  });
}

/** Percent, one decimal. */
const share = (held: readonly boolean[]) => ((100 * held.filter(Boolean).length) / held.length).toFixed(1);

function main(): void {
  const count = Number(process.argv[2] ?? 600);
  console.log('Every loss of a training of its own:');
  printTable(simulateJoint(count, 1, 0));
  for (const common of [0.5, 0.9, 0.99]) {
    const share = `${100 * common} % of the noise's variance in common`;
    console.log(`\nThe losses of a width are evaluations of one training, ${share}:`);
    printTable(simulateJoint(count, 2, common));
  }
  console.log('\nThe last once more, taken for trainings of their own:');
  printTable(simulateJoint(count, 2, 0.99, false));
}

function printTable(all: readonly Held[]): void {
  const row = (name: string, targets: Record<Level, boolean>[]) =>
    `| ${name} | ${targets.length} | ${(['50', '80', '95'] as const).map((level) => share(targets.map((one) => one[level]))).join(' | ')} |`;
  const noisy = (lo: number, hi: number) =>
    all.filter(({ noise }) => noise >= lo && noise < hi).flatMap((one) => one.targets);
  console.log('| new runs | count | 50 % | 80 % | 95 % |\n| --- | ---: | ---: | ---: | ---: |');
  REACHES.forEach(({ width, tokens }, i) =>
    console.log(
      row(
        `${width} x the width, ${tokens} x the tokens`,
        all.map((one) => one.targets[i]!),
      ),
    ),
  );
  console.log(row('noise under 0.15 %', noisy(0, 0.0015)));
  console.log(row('noise 0.15 to 0.4 %', noisy(0.0015, 0.004)));
  console.log(row('noise over 0.4 %', noisy(0.004, 1)));
  console.log(row('all', noisy(0, 1)));
  console.log(`The 80 % interval of E held it in ${share(all.map(({ floor }) => floor))} % of ${all.length} designs.`);
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) main();
