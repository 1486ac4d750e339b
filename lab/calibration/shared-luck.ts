/**
 * How often an 80 % interval holds the loss of a run on data of its own, where all widths of a seed share the luck of their data
 * and where each has its own: why a seed that draws its batches draws them for each width.
 *
 *   npx tsx lab/calibration/shared-luck.ts 400
 */
import { pathToFileURL } from 'node:url';
import { randomStream } from '../../src/model/random.ts';
import { fitReport } from '../../src/scaling/width/fit.ts';

const WIDTHS = [8, 12, 16, 24, 32, 48];
const TARGET = 96;
const NOISE = 0.01;
const lawAt = (width: number) => 2.5 + 3 * width ** -0.7;

interface Luck {
  /** Of the variance of a run, what its data make of it. */
  share: number;
  seeds: number;
  /** Whether all widths of a seed have the same data. */
  isShared: boolean;
}

/** Share of ladders whose interval holds a run of a new seed, and the mean width of the interval in nats. */
export function coverageOf(ladders: number, { share, seeds, isShared }: Luck): { held: number; width: number } {
  const random = randomStream(7, `luck ${share} ${seeds} ${isShared}`);
  const ofData = () => NOISE * Math.sqrt(share) * random.normal();
  const ofWeights = () => NOISE * Math.sqrt(1 - share) * random.normal();
  let [held, width] = [0, 0];
  for (let ladder = 0; ladder < ladders; ladder++) {
    const shared = Array.from({ length: seeds }, ofData);
    const points = WIDTHS.map((x) =>
      pointOf(
        x,
        shared.map((luck) => lawAt(x) + (isShared ? luck : ofData()) + ofWeights()),
      ),
    );
    const [lo, hi] = fitReport({ points, targets: [TARGET], grid: [] }).predictions[0]!.intervals['80'];
    const loss = lawAt(TARGET) + ofData() + ofWeights();
    if (lo <= loss && loss <= hi) held++;
    width += hi - lo;
  }
  return { held: held / ladders, width: width / ladders };
}

function pointOf(x: number, losses: readonly number[]) {
  const seeds = losses.length;
  const loss = losses.reduce((sum, one) => sum + one, 0) / seeds;
  const squares = losses.reduce((sum, one) => sum + (one - loss) ** 2, 0);
  return { x, loss, ...(seeds > 1 && { standardError: Math.sqrt(squares / (seeds - 1) / seeds), seeds }) };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const ladders = Number(process.argv[2] ?? 400);
  console.log(
    '| data’s share | seeds | held, shared by widths | held, of each width | interval, shared | interval, of each |',
  );
  for (const share of [0.5, 0.9]) {
    for (const seeds of [1, 2, 3]) {
      const [shared, own] = [true, false].map((isShared) => coverageOf(ladders, { share, seeds, isShared }));
      const cells = [
        ...[shared!, own!].map(({ held }) => (100 * held).toFixed(1)),
        ...[shared!, own!].map(({ width }) => width.toFixed(3)),
      ];
      console.log(`| ${[share, seeds, ...cells].join(' | ')} |`);
    }
  }
}
