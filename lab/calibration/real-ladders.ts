/** The recorded ladders as the study asks about them. */
import type { FitPoint } from '../../src/scaling/width/report.ts';
import { median } from './scores.ts';
import { readRecorded, type Design, type RecordedLadder } from './recorded-ladders.ts';
import { meanPoint } from './simulated-ladders.ts';
import type { Target, Trial } from './trial.ts';

/** What the intervals take into account was settled with the first ladders in view; the later ones were held back. */
const IN_VIEW = 16;

export type Real = RecordedLadder & { wasInView: boolean };

/** Of the rungs every seed counts, as in the playground; a target's outcome is one run, that of the first seed, beside the mean of all. */
export function realTrials(design: Design = 'randomised'): Trial<Real>[] {
  return readRecorded(design).map((ladder, i) => ({
    points: ladder.rungs.flatMap((width) => pointAt(ladder, width)),
    targets: ladder.targets.flatMap((width) => targetAt(ladder, width)),
    about: { ...ladder, wasInView: design === 'randomised' && i < IN_VIEW },
  }));
}

function pointAt(ladder: RecordedLadder, width: number): FitPoint[] {
  const losses = lossesAt(ladder, width);
  if (losses.length > 1) return [meanPoint(width, losses)];
  return losses.map((loss) => ({ x: width, loss }));
}

function targetAt(ladder: RecordedLadder, width: number): Target[] {
  const losses = lossesAt(ladder, width);
  const [loss] = losses;
  if (loss === undefined) return [];
  const mean = losses.reduce((sum, one) => sum + one, 0) / losses.length;
  return [{ factor: width / ladder.rungs.at(-1)!, x: width, loss, mean }];
}

/** Losses of the runs that did not diverge, by seed. */
const lossesAt = ({ runs }: RecordedLadder, width: number) =>
  runs.flatMap((run) => (run.width === width && run.finalEvalLoss !== null ? [run.finalEvalLoss] : []));

/** What became of the runs, and how far seeds alone set losses apart. */
export function realRemarks(trials: readonly Trial<Real>[]): string[] {
  const ladders = trials.map(({ about }) => about);
  const runs = ladders.flatMap((ladder) => ladder.runs);
  const lost = runs.filter(({ finalEvalLoss }) => finalEvalLoss === null).length;
  const spreads = ladders.filter(({ seeds }) => seeds.length > 1).map(seedSpread);
  const range = [Math.min(...spreads), median(spreads), Math.max(...spreads)].map((one) => (100 * one).toFixed(2));
  return [
    `${runs.length} runs, of which ${lost} ended without a loss.`,
    `Seeds alone set the losses of one width apart by a standard deviation of ${range[1]} % (median of the ${spreads.length} ladders with several seeds; ${range[0]} to ${range[2]} %).`,
  ];
}

/** Standard deviation of one run among the seeds of its width, as a share of the loss, pooled over the widths. */
function seedSpread(ladder: RecordedLadder): number {
  const widths = [...ladder.rungs, ...ladder.targets].map((width) => lossesAt(ladder, width));
  const several = widths.filter((losses) => losses.length > 1);
  const variances = several.map((losses) => {
    const { loss, standardError } = meanPoint(0, losses);
    return { freedom: losses.length - 1, variance: losses.length * (standardError! / loss) ** 2 };
  });
  const freedom = variances.reduce((sum, one) => sum + one.freedom, 0);
  return Math.sqrt(variances.reduce((sum, one) => sum + one.freedom * one.variance, 0) / freedom);
}
