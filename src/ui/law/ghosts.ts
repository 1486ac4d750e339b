/** Ghost curves on the page: the training curves of the targets, sealed or provisional, beside what was measured of them. */
import type { GhostCurve } from '../../model/scaling-results.ts';
import { curveMeans, seedMeans, type TrainingCurve } from '../../scaling/width/curve-windows.ts';
import type { Question } from '../../analysis/analyse.ts';
import { runId } from '../../model/run.ts';
import type { Answered } from '../state/findings.svelte.ts';
import type { Scene } from './ladder-scene.ts';

export interface Ghost {
  width: number;
  isSealed: boolean;
  curve: GhostCurve;
  /** Middle of each window, where its mean stands on the step axis. */
  middles: number[];
}

/** What is asked for targets whose seal holds no curve; null where no law can be fitted yet. */
export function ghostQuestion(
  { recipe, rungs, targets }: Scene,
  of: (id: string) => TrainingCurve,
): Question<'ghosts'> | null {
  const fitted = rungs.filter(({ isIn }) => isIn);
  const open = targets.filter(({ sealed }) => !sealed?.curve).map(({ width }) => width);
  if (fitted.length < 3 || open.length === 0) return null;
  const curves = fitted.map(({ width, runs }) => ({ x: width, curves: runs.map(of) }));
  return { kind: 'ghosts', inputs: { rungs: curves, steps: recipe.steps, targets: open } };
}

export function ghostsOf({ targets }: Scene, answered: Answered<'ghosts'> | null): Ghost[] {
  return targets.flatMap(({ width, sealed }) => {
    const curve = sealed?.curve ?? answered?.finding[answered.question.inputs.targets.indexOf(width)];
    if (!curve) return [];
    const middles = curve.steps.map((end, i) => (end + (curve.steps[i - 1] ?? 0) + 1) / 2);
    return [{ width, isSealed: !!sealed?.curve, curve, middles }];
  });
}

/** The predicted means as a line. */
export const ghostLine = ({ curve, middles }: Ghost): (readonly [step: number, loss: number])[] =>
  middles.map((middle, i) => [middle, curve.loss[i]] as const);

/** How the widest target that has begun to train keeps to its ghost, in a sentence; empty while none has. */
export function ghostSentence(
  ghosts: readonly Ghost[],
  { recipe }: Scene,
  seeds: readonly number[],
  of: (id: string) => TrainingCurve,
): string {
  for (const { width, curve, isSealed } of [...ghosts].reverse()) {
    const means = seedMeans(seeds.map((seed) => curveMeans(of(runId(recipe, width, seed)), curve.steps)));
    const there = means.flatMap((loss, i) =>
      Number.isFinite(loss) ? [curve.lo[i] <= loss && loss <= curve.hi[i]] : [],
    );
    if (there.length < 3) continue;
    const inside = there.filter(Boolean).length;
    const made = isSealed ? 'sealed before it was trained' : 'drawn afterwards, not sealed';
    return `Width ${width} has kept to the dashed curve, ${made}, in ${inside} of ${there.length} windows of steps (means, 80 % band).`;
  }
  return '';
}
