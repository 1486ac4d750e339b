/** Which modules keep their size as models get wider. */
import type { ModuleCheck } from '../model/check-results.ts';
import { mean } from './mean.ts';

/** Largest |slope| that counts as flat. */
export const TOLERANCE = 0.1;

/** Slopes are judged from this many updates on: before, what starts at zero may still be on its way to its size. */
export const FIRST_JUDGED = 3;

/**
 * Parts are measured to find a culprit, and finite widths make their slopes larger than those of modules, so a part alone
 * breaks a recipe only by growing this many times faster than a module may: attention logits can blow up unseen by the outputs.
 */
const PART_ALLOWANCE = 2;

type Measured = Pick<ModuleCheck, 'slopes' | 'slopeErrors'>;

/** Steps that decide: all from the third update on; where there are none so late, the last one that has a slope. */
export function judgedSteps({ slopes }: Measured): number[] {
  const measured = slopes.flatMap((slope, step) => (slope === null ? [] : [step]));
  const late = measured.filter((step) => step >= FIRST_JUDGED);
  return late.length > 0 ? late : measured.slice(-1);
}

/** Mean of the judged slopes, and of their standard errors: seeds are the same at each step, so their errors do not average out. */
function judgedMean({ slopes, slopeErrors }: Measured): { slope: number; error: number } {
  const steps = judgedSteps({ slopes, slopeErrors });
  return { slope: mean(steps.map((step) => slopes[step]!)), error: mean(steps.map((step) => slopeErrors[step] ?? 0)) };
}

function exceeds(measured: Measured, limit: number): boolean {
  const { slope, error } = judgedMean(measured);
  return Math.abs(slope) > limit + error;
}

/** Root of the mean square: slopes that swing to and fro are not flat, though their mean is. */
function judgedSize(measured: Measured): number {
  return Math.sqrt(mean(judgedSteps(measured).map((step) => measured.slopes[step]! ** 2)));
}

/**
 * `grows` or `shrinks` when the mean of the judged slopes is out of tolerance by more than its standard error: a broken rule
 * shows at every step. `flat` when their size is within the tolerance, and their error as well; a single step may stray a
 * little, as outputs of finite width do while the loss moves fast. What is neither is `unclear`, and so is what stopped before
 * the first judged step. One seed has no standard error and is taken at its word.
 */
export function moduleVerdict(measured: Measured): ModuleCheck['verdict'] {
  const steps = judgedSteps(measured);
  if (steps.length === 0) return 'silent';
  const { slope, error } = judgedMean(measured);
  if (exceeds(measured, TOLERANCE)) return slope > 0 ? 'grows' : 'shrinks';
  const isLate = steps[0] >= FIRST_JUDGED;
  return isLate && judgedSize(measured) <= TOLERANCE && error <= TOLERANCE ? 'flat' : 'unclear';
}

/**
 * Whether logits shrink only as their random start does: an unembedding that starts at random (or is tied) begins with logits of
 * size width^-½, and what is learnt, which is flat, has to outgrow them.
 */
export function isRandomStart(module: ModuleCheck): boolean {
  const start = module.slopes[0] ?? 0;
  if (module.name !== 'logits' || module.verdict !== 'shrinks' || start > -TOLERANCE) return false;
  return judgedMean(module).slope >= start - TOLERANCE;
}

/** The judged slope that is largest in size; null where nothing was measured. */
export function worstSlope(measured: Measured): number | null {
  return judgedSteps(measured).reduce<number | null>((worst, step) => {
    const slope = measured.slopes[step]!;
    return worst === null || Math.abs(slope) > Math.abs(worst) ? slope : worst;
  }, null);
}

/** Modules that are not flat though they should be, and parts that grow too fast even for parts. */
export function breaksOf<M extends ModuleCheck>(modules: readonly M[]): M[] {
  return modules.filter((module) => {
    if (module.verdict !== 'grows' && module.verdict !== 'shrinks') return false;
    if (module.level === 'module') return !isRandomStart(module);
    return module.verdict === 'grows' && exceeds(module, PART_ALLOWANCE * TOLERANCE);
  });
}
