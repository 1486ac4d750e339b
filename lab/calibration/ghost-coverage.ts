/** Prints the table of docs/ghost-curves.md: how much of a recorded ladder's curves its ghosts hold. `npx tsx lab/calibration/ghost-coverage.ts` */
import { seedMeans, shareHeld } from '../../src/scaling/width/curve-windows.ts';
import { ghostsThrough } from '../../src/scaling/width/ghost.ts';
import { readRecorded, type RecordedLadder } from './recorded-ladders.ts';

const FACTORS = [1.5, 2, 4] as const;

interface Held {
  factor: number;
  /** Of all windows, and of those in the last quarter of the training. */
  share: number;
  end: number;
  /** Mean |predicted - measured|, in percent of the loss. */
  error: number;
  /** Mean width of the band, in percent of the loss. */
  width: number;
}

/** Curves are kept as means over bins of equal length, which stand in for the playground's windows here. */
function heldOn({ runs, rungs, targets, recipe }: RecordedLadder): Held[] {
  const curveOf = (width: number) =>
    seedMeans(runs.filter((run) => run.width === width).map((run) => run.trainLoss.map((loss) => loss ?? NaN)));
  const bins = curveOf(rungs[0]!).length;
  const ends = Array.from({ length: bins }, (_, i) => Math.round(((i + 1) / bins) * recipe.steps));
  const ghosts = ghostsThrough(
    rungs.map((x) => ({ x, losses: curveOf(x) })),
    ends,
    targets,
  );
  return targets.flatMap((target, k) => {
    const ghost = ghosts[k];
    // One new run: the first seed's.
    const first = runs.find((run) => run.width === target);
    if (!ghost || !first) return [];
    const measured = first.trainLoss.map((loss) => loss ?? NaN);
    const share = shareHeld(ghost, measured);
    const late = measured.map((loss, i) => (i >= 0.75 * bins ? loss : NaN));
    const mean = (of: (i: number) => number) => measured.reduce((sum, _, i) => sum + of(i), 0) / bins;
    const factor = FACTORS.find((one) => Math.abs(target / Math.max(...rungs) - one) < 0.1)!;
    if (share === null) return [];
    return [
      {
        factor,
        share,
        end: shareHeld(ghost, late)!,
        error: mean((i) => (100 * Math.abs(ghost.loss[i]! - measured[i]!)) / measured[i]!),
        width: mean((i) => (100 * (ghost.hi[i]! - ghost.lo[i]!)) / measured[i]!),
      },
    ];
  });
}

const all = readRecorded().flatMap(heldOn);
console.log('| target | curves | windows held | in the last quarter | mean error | width of the band |');
console.log('| ------ | -----: | -----------: | ------------------: | ---------: | ----------------: |');
for (const factor of FACTORS) {
  const here = all.filter((one) => one.factor === factor);
  const mean = (of: (held: Held) => number) => here.reduce((sum, one) => sum + of(one), 0) / here.length;
  const cells = [
    `${(100 * mean(({ share }) => share)).toFixed(1)} %`,
    `${(100 * mean(({ end }) => end)).toFixed(1)} %`,
    `${mean(({ error }) => error).toFixed(2)} %`,
    `${mean(({ width }) => width).toFixed(2)} %`,
  ];
  console.log(`| ${factor}x | ${here.length} | ${cells.join(' | ')} |`);
}
