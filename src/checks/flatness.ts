/** Which modules keep their size as models get wider. */
import type { ModuleCheck } from '../model/check-results.ts';

/** Largest |slope| that counts as flat. */
export const TOLERANCE = 0.1;

/** Slopes are judged from this many updates on: before, what starts at zero may still be on its way to its size. */
const FIRST_JUDGED = 3;

/**
 * Parts are measured to find a culprit, and finite widths make their slopes larger than those of modules, so a part alone
 * breaks a recipe only by growing this many times faster than a module may: attention logits can blow up unseen by the outputs.
 */
const PART_ALLOWANCE = 2;

type Measured = Pick<ModuleCheck, 'slopes' | 'slopeErrors'>;

/** Steps that decide: all from the third update on, the last one that has a slope where there are none so late. */
export function judgedSteps({ slopes }: Measured): number[] {
  const measured = slopes.flatMap((slope, step) => (slope === null ? [] : [step]));
  const late = measured.filter((step) => step >= FIRST_JUDGED);
  return late.length > 0 ? late : measured.slice(-1);
}

/** Whether a judged slope is larger than the limit by more than its standard error. */
function exceeds({ slopes, slopeErrors }: Measured, limit: number): boolean {
  return judgedSteps({ slopes, slopeErrors }).some(
    (step) => Math.abs(slopes[step]!) > limit + (slopeErrors[step] ?? 0),
  );
}

/**
 * `flat` when no judged slope is out of tolerance by more than its standard error. One seed has no standard error and is
 * taken at its word; with two or three the error is itself uncertain, so a slope near the tolerance may fall either way.
 */
export function moduleVerdict(measured: Measured): ModuleCheck['verdict'] {
  if (judgedSteps(measured).length === 0) return 'silent';
  if (!exceeds(measured, TOLERANCE)) return 'flat';
  return worstSlope(measured)! > 0 ? 'grows' : 'shrinks';
}

/** The judged slope that is largest in size; null where nothing was measured. */
export function worstSlope(measured: Measured): number | null {
  return judgedSteps(measured).reduce<number | null>((worst, step) => {
    const slope = measured.slopes[step]!;
    return worst === null || Math.abs(slope) > Math.abs(worst) ? slope : worst;
  }, null);
}

/** Modules that are not flat, and parts that grow too fast even for parts. */
export function breaksOf<M extends ModuleCheck>(modules: readonly M[]): M[] {
  return modules.filter((module) => {
    if (module.verdict === 'flat' || module.verdict === 'silent') return false;
    if (module.level === 'module') return true;
    return module.verdict === 'grows' && exceeds(module, PART_ALLOWANCE * TOLERANCE);
  });
}
