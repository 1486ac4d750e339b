/** Sealed predictions: an interval frozen together with all that it was made from and the hash of it. */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { mean } from '../checks/mean.ts';
import { settle } from '../checks/settled.ts';
import { assertCanonical, escapedJson } from '../model/canonical-json.ts';
import type { Experiment } from '../model/experiment.ts';
import { InputError } from '../model/parse.ts';
import { measurementsOf } from '../model/measurement.ts';
import type { Recipe } from '../model/recipe.ts';
import type { ExperimentResult, RunResult, SealedPrediction } from '../model/result.ts';
import type { GhostCurve } from '../model/scaling-results.ts';
import { curveMeans, seedMeans, shareHeld, type TrainingCurve } from '../scaling/width/curve-windows.ts';
import type { FitPoint, PredictedLoss } from '../scaling/width/report.ts';
import { isOver } from '../model/result.ts';
import { plainPoints, type RungPoint } from '../analysis/rung-points.ts';
import { sealedRecipe } from './sealed-recipe.ts';

/** Level of the sealed interval. */
export const SEALED_LEVEL = 0.8;

/** Everything a prediction is made from, and nothing else. */
interface SealInputs {
  recipe: Recipe;
  points: FitPoint[];
  level: number;
  width: number;
  /** Hash of the text corpus; absent for other corpora. */
  textHash?: string;
  /** Of the training curve that is predicted with the loss; absent where none is. */
  curveHash?: string;
  /** The curve itself, in seals of earlier versions. */
  curve?: GhostCurve;
}

/** A seal that can be checked from itself and its recipe. */
type Seal = SealedPrediction & Required<Pick<SealedPrediction, 'points' | 'textHash'>>;

/** SHA-256, in hex, of the canonical JSON of the inputs, with the recipe as `sealedRecipe` writes it. */
export function hashInputs({ recipe, points, ...inputs }: SealInputs): string {
  // How many runs a point is the mean of stands in the seal by their names, and was in no hash before it was fitted with.
  const hashed = points.map(({ x, loss, standardError }) => ({ x, loss, standardError }));
  return hashOf({ ...inputs, points: hashed, recipe: sealedRecipe(recipe) });
}

/** SHA-256, in hex, of the canonical JSON of any value; what cannot be sealed now is hashed as it once was. */
export function hashOf(value: unknown): string {
  // Not by SubtleCrypto, which a page served over plain http in a workshop's network does not have.
  return bytesToHex(sha256(utf8ToBytes(escapedJson(value))));
}

/** What is known of a seal only once its target was measured. */
type Measured = 'actual' | 'verdict' | 'curveHeld';

/**
 * SHA-256, in hex, of the canonical JSON of a seal without what was measured and without this hash: whoever keeps it can
 * tell later that neither the prediction, nor its time, nor its points were touched.
 */
export function hashSeal(seal: object & Partial<Record<Measured | 'sealHash' | 'curveHash', unknown>>): string {
  const later: Record<Measured | 'sealHash', undefined> = {
    actual: undefined,
    verdict: undefined,
    curveHeld: undefined,
    sealHash: undefined,
  };
  // The curve is many numbers: by its hash alone a short link can be checked without it.
  return hashOf({ ...seal, ...later, ...(seal.curveHash === undefined ? {} : { curve: undefined }) });
}

/** Why a seal is none, in the words that follow its name; null where it is one. */
export function sealProblem(seal: {
  sealHash?: string;
  loss: number;
  lo: number;
  hi: number;
  actual: number | null;
  verdict: unknown;
}): string | null {
  const { sealHash, loss, lo, hi, actual, verdict } = seal;
  if (sealHash !== undefined && hashSeal(seal) !== sealHash) return 'is not what its hash says';
  if (!(lo <= loss && loss <= hi)) return 'has an interval that does not hold its own prediction';
  if (actual === null && verdict !== null) return 'has a verdict and nothing measured';
  return null;
}

/** @throws InputError where a name holds what the canonical JSON refuses. */
export function sealPrediction(
  recipe: Recipe,
  points: readonly RungPoint[],
  textHash: string | null,
  { x: width, loss, intervals }: PredictedLoss,
  curve: GhostCurve | null = null,
): Seal {
  const [lo, hi] = intervals['80'];
  assertCanonical(recipe, 'recipe');
  const predictedCurve = curve ? { curveHash: hashOf(curve), curve, curveHeld: null } : {};
  const seal: Seal = {
    recipe: recipe.name,
    width,
    sealedAt: new Date().toISOString(),
    inputsHash: inputsHashOf(recipe, { points: [...points], level: SEALED_LEVEL, width, textHash, ...predictedCurve }),
    points: points.map((point) => ({ ...point, runs: [...point.runs] })),
    textHash,
    loss,
    lo,
    hi,
    level: SEALED_LEVEL,
    ...predictedCurve,
    actual: null,
    verdict: null,
  };
  assertCanonical(seal, 'seal');
  return { ...seal, sealHash: hashSeal(seal) };
}

/** What the hash of a seal's inputs is, by the seal's own points. */
export function inputsHashOf(
  recipe: Recipe,
  {
    points,
    level,
    width,
    textHash,
    curveHash,
    curve,
  }: Pick<SealedPrediction, 'level' | 'width' | 'textHash' | 'curveHash' | 'curve'> & { points: readonly RungPoint[] },
): string {
  const ghost = curveHash !== undefined ? { curveHash } : curve ? { curve } : {};
  return hashInputs({
    ...{ recipe, points: plainPoints(points), level, width },
    ...(textHash ? { textHash } : {}),
    ...ghost,
  });
}

/**
 * Makes the hash of every seal anew from the recipe and the points that stand in the result, and every verdict that
 * is there from the target's runs. Seals of earlier versions, which hold no points, have no hash to check.
 * @throws InputError at the first seal whose hash, measured loss or verdict is another.
 */
export function checkSeals(result: Pick<ExperimentResult, 'experiment' | 'sealed' | 'runs' | 'source'>): void {
  checkVerdicts(result);
  const { experiment, sealed, runs, source } = result;
  for (const [i, seal] of sealed.entries()) {
    const { recipe: name, points, width, inputsHash } = seal;
    const problem = sealProblem(seal) ?? curveProblem(seal, source === 'link') ?? pointsProblem(seal, runs);
    if (problem) {
      const field = `sealed[${i}]`;
      throw new InputError(
        field,
        `${field}: the seal of ${name}, width ${width}, ${problem}; take the file as it was written.`,
      );
    }
    if (!points) continue;
    const recipe = experiment.recipes.find((one) => one.name === name);
    if (recipe && inputsHashOf(recipe, { ...seal, points }) === inputsHash) continue;
    const field = `sealed[${i}].inputsHash`;
    throw new InputError(
      field,
      `${field}: the seal of ${name}, width ${width}, is not that of its recipe and points; take the file as it was written.`,
    );
  }
}

/** Whether the curve is the one that was sealed; a link holds little of it, or nothing. */
function curveProblem({ curve, curveHash }: SealedPrediction, isLinked: boolean): string | null {
  if (curveHash === undefined || (isLinked && (!curve || curve.thinned))) return null;
  return curve && hashOf(curve) === curveHash ? null : 'has another training curve than was sealed';
}

/** Whether the points are the means of the runs that they name, as far as these are there. */
function pointsProblem({ points = [] }: SealedPrediction, runs: readonly RunResult[]): string | null {
  const byId = new Map(runs.map((run) => [run.id, run]));
  for (const { x, loss, runs: names } of points) {
    const losses = names.map((name) => byId.get(name)?.finalEvalLoss ?? NaN);
    if (Math.abs(mean(losses) / loss - 1) > 1e-12) return `has another loss at width ${x} than its runs`;
  }
  return null;
}

function checkVerdicts({ sealed, runs }: Pick<ExperimentResult, 'sealed' | 'runs'>): void {
  for (const [i, one] of sealed.entries()) {
    // What lacks a verdict may legitimately wait for it: `withVerdicts` makes it.
    if (one.actual === null) continue;
    // Earlier versions judged by the seeds that survived; what they wrote must follow from its runs all the same.
    const here = judged(
      one,
      runs.filter((run) => run.recipe === one.recipe && run.width === one.width),
    );
    // The runs of a target that left the ladder may be gone; its verdict must follow from its numbers all the same.
    const actual = here.actual ?? one.actual;
    // A mean of several seeds may differ in its last bit with their order.
    const isSame = Math.abs(actual - one.actual) <= 1e-12 * Math.abs(actual);
    const isSameCurve = (here.curveHeld ?? null) === null || here.curveHeld === one.curveHeld;
    if (isSame && isSameCurve && verdictOf(one, one.actual) === one.verdict) continue;
    const field = `sealed[${i}].verdict`;
    throw new InputError(
      field,
      `${field}: what was measured at width ${one.width} and the verdict on it do not follow from its runs; take the file as it was written.`,
    );
  }
}

export const verdictOf = ({ lo, hi }: Pick<SealedPrediction, 'lo' | 'hi'>, actual: number) =>
  actual > hi ? 'above' : actual < lo ? 'below' : 'inside';

/**
 * Sets the mean loss over the target's seeds beside the prediction, which itself stays as it was. Where any seed diverged
 * nothing is judged: the seeds that survived are not what was predicted.
 */
export function reveal(sealed: SealedPrediction, runs: readonly RunResult[]): SealedPrediction {
  return judged(sealed, runs.some(({ status }) => status === 'diverged') ? [] : runs);
}

/** The runs of a sealed target, once that of each seed is over; null before. */
export function measuredRuns(
  { recipe, width }: Pick<SealedPrediction, 'recipe' | 'width'>,
  { seeds }: Pick<Experiment, 'seeds'>,
  runs: readonly RunResult[],
): RunResult[] | null {
  const here = runs.filter((run) => run.recipe === recipe && run.width === width && seeds.includes(run.seed));
  return seeds.every((seed) => here.some((run) => run.seed === seed && isOver(run))) ? here : null;
}

/**
 * The seals of a result, those revealed whose targets were measured: training may have ended before that, and whoever takes
 * a verdict out of a file finds it there again.
 */
export const withVerdicts = ({ experiment, sealed, runs }: Pick<ExperimentResult, 'experiment' | 'sealed' | 'runs'>) =>
  sealed.map((one) => {
    const here = one.actual === null ? measuredRuns(one, experiment, runs) : null;
    return here ? reveal(one, here) : one;
  });

/** By the runs that were done, whatever became of the others. */
function judged(sealed: SealedPrediction, runs: readonly RunResult[]): SealedPrediction {
  const losses = settle(measurementsOf(runs)).done.map(({ loss }) => loss);
  const curveHeld = sealed.curve ? { curveHeld: curveHeldBy(sealed.curve, runs) } : {};
  if (losses.length === 0) return { ...sealed, ...curveHeld, actual: null, verdict: null };
  const actual = mean(losses);
  return { ...sealed, ...curveHeld, actual, verdict: verdictOf(sealed, actual) };
}

/** Share of the curve's windows whose mean over the finished seeds lies in the band; null where there is none. */
function curveHeldBy(curve: GhostCurve, runs: readonly RunResult[]): number | null {
  // Of a link neither curve is whole.
  const whole = runs.filter((run) => run.status === 'done' && hasWholeCurve(run) && !curve.thinned);
  const curves = whole.map((run) => curveMeans(curveOf(run), curve.steps));
  return shareHeld(curve, seedMeans(curves));
}

/** A link holds some of the steps only, or none. */
export const hasWholeCurve = ({ steps }: Pick<RunResult, 'steps'>): boolean =>
  steps.length > 0 && steps.length === steps.at(-1);

/** A run's training losses, with NaN where a file has null. */
export const curveOf = ({ steps, trainLoss }: RunResult): TrainingCurve => ({
  steps,
  losses: trainLoss.map((loss) => loss ?? NaN),
});

/**
 * Why targets can be neither sealed nor trained, as an error at the rungs.
 * @param points number of rungs with a loss.
 * @param rises whether those losses rise with width.
 * @param leftOut a sentence for each rung that was trained and takes no part.
 */
export function noSeal(
  recipe: Recipe,
  points: number,
  rises: boolean,
  widths: readonly number[],
  leftOut: readonly string[] = [],
): { field: string; message: string } {
  const field = 'ladder.rungs';
  const have = points === 1 ? '1 rung has' : `${points} rungs have`;
  const why = rises
    ? 'because its losses rise with width'
    : `because a law needs at least 3 rungs with a loss and ${have} one`;
  const what = widths.length === 1 ? `width ${widths[0]} is` : `widths ${widths.join(', ')} are`;
  return {
    field,
    message: [
      `${field}: ${recipe.name} cannot be extrapolated, ${why}; ${what} neither predicted nor trained.`,
      ...leftOut,
    ].join(' '),
  };
}
