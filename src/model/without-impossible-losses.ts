/**
 * Results that an earlier version kept may hold losses of zero, which read so where nothing was computed, under runs that it called
 * done. What is opened is cleared of them first: no law, seal or verdict may follow from them.
 */
import { isImpossible } from './impossible-loss.ts';
import { EXTREME } from './parse.ts';
import type { RunResult, SealedPrediction } from './result.ts';

interface Measured {
  runs: RunResult[];
  sealed: SealedPrediction[];
}

const isImpossibleLoss = (loss: number | null) => loss !== null && isImpossible(loss);

const isPossible = ({ trainLoss, evalLoss, finalEvalLoss, status }: RunResult) =>
  ![...trainLoss, ...evalLoss, finalEvalLoss].some(isImpossibleLoss) &&
  // A run that diverges may leave any number behind.
  (status !== 'done' || (finalEvalLoss ?? 0) <= EXTREME);

/** As a cohort that fails leaves a run today: with what it told before. */
function failed(run: RunResult): RunResult {
  const upTo = <T>(values: T[], losses: (number | null)[]) => {
    const at = losses.findIndex(isImpossibleLoss);
    return at < 0 ? values : values.slice(0, at);
  };
  return {
    ...run,
    status: 'failed',
    steps: upTo(run.steps, run.trainLoss),
    trainLoss: upTo(run.trainLoss, run.trainLoss),
    evalSteps: upTo(run.evalSteps, run.evalLoss),
    evalLoss: upTo(run.evalLoss, run.evalLoss),
    finalEvalLoss: null,
    finalEvalStandardError: null,
  };
}

/**
 * Runs with a loss that cannot be have failed, and targets with one are not judged. A prediction made from one is none, and its
 * target's runs go with it: they were trained behind no seal that holds.
 * @returns the same where all can be; else what was found, in words.
 */
export function withoutImpossibleLosses<T extends Measured>(data: T): { data: T; doubt: string } {
  const doubted = data.runs.filter((run) => !isPossible(run));
  if (doubted.length === 0) return { data, doubt: '' };
  const ids = new Set(doubted.map(({ id }) => id));
  const isOf = (run: RunResult) => (seal: SealedPrediction) => seal.recipe === run.recipe && seal.width === run.width;
  // Seals of early versions do not name what they were made from: every rung of their recipe, and no target, which has a seal.
  const doubtedRungs = doubted.filter((run) => !data.sealed.some(isOf(run)));
  const isFalse = ({ recipe, points }: SealedPrediction) =>
    points
      ? points.some(({ runs }) => runs.some((id) => ids.has(id)))
      : doubtedRungs.some((run) => run.recipe === recipe);
  const unsealed = data.sealed.filter(isFalse);
  const runs = data.runs.filter((run) => !unsealed.some(isOf(run))).map((run) => (ids.has(run.id) ? failed(run) : run));
  const sealed = data.sealed
    .filter((seal) => !unsealed.includes(seal))
    .map((seal) => {
      if (!doubted.some((run) => isOf(run)(seal))) return seal;
      return { ...seal, ...(seal.curveHeld === undefined ? {} : { curveHeld: null }), actual: null, verdict: null };
    });
  return { data: { ...data, runs, sealed }, doubt: doubtWords(data, doubted, unsealed) };
}

function doubtWords({ runs, sealed }: Measured, doubted: RunResult[], unsealed: SealedPrediction[]): string {
  const isOne = doubted.length === 1;
  const found = `${isOne ? '1 run holds' : `${doubted.length} runs hold`} losses that no model has, such as zero: they were not computed.`;
  const standing = isOne ? 'It counts as failed' : 'They count as failed';
  if (unsealed.length === 0) return `${found} ${standing}; train again to measure what is missing.`;
  const hasOneRecipe = sealed.every(({ recipe }) => recipe === sealed[0]!.recipe);
  const places = unsealed.map(({ recipe, width }) => (hasOneRecipe ? `${width}` : `${width} of ${recipe}`)).join(', ');
  const isOneSeal = unsealed.length === 1;
  const predictions = isOneSeal ? `the prediction for width ${places}` : `the predictions for widths ${places}`;
  const wereTrained = runs.some((run) =>
    unsealed.some(({ recipe, width }) => recipe === run.recipe && width === run.width),
  );
  const behind = wereTrained
    ? `, and the runs trained behind ${isOneSeal ? 'it' : 'them'} are`
    : `, ${isOneSeal ? 'is' : 'are'}`;
  return `${found} ${standing}; ${predictions}, made from ${isOne ? 'it' : 'them'}${behind} left out. Train again to measure what is missing.`;
}
