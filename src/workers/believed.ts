/**
 * Results that an earlier version kept may hold losses of zero, which read so where nothing was computed, under runs that it called
 * done. What is opened is cleared of them first: no law, seal or verdict may follow from them.
 */
import { isImpossible } from '../model/impossible-loss.ts';
import type { RunResult, SealedPrediction } from '../model/result.ts';

interface Measured {
  runs: RunResult[];
  sealed: SealedPrediction[];
}

const isGone = (loss: number | null) => loss !== null && isImpossible(loss);

const isBelieved = ({ trainLoss, evalLoss, finalEvalLoss }: RunResult) =>
  ![...trainLoss, ...evalLoss, finalEvalLoss].some(isGone);

/** As a cohort that fails leaves a run today: with what it told before. */
function failed(run: RunResult): RunResult {
  const upTo = <T>(values: T[], losses: (number | null)[]) => {
    const at = losses.findIndex(isGone);
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
export function believed<T extends Measured>(data: T): { data: T; doubt: string } {
  const doubted = new Map(data.runs.filter((run) => !isBelieved(run)).map((run) => [run.id, run]));
  const { size } = doubted;
  if (size === 0) return { data, doubt: '' };
  // Seals of early versions do not name what they were made from.
  const isFalse = ({ recipe, width, points }: SealedPrediction) =>
    points
      ? points.some(({ runs }) => runs.some((id) => doubted.has(id)))
      : [...doubted.values()].some((run) => run.recipe === recipe && run.width !== width);
  const isOf = (run: RunResult) => (seal: SealedPrediction) => seal.recipe === run.recipe && seal.width === run.width;
  const unsealed = data.sealed.filter(isFalse);
  const runs = data.runs
    .filter((run) => !unsealed.some(isOf(run)))
    .map((run) => (doubted.has(run.id) ? failed(run) : run));
  const sealed = data.sealed
    .filter((seal) => !unsealed.includes(seal))
    .map((seal) => {
      if (![...doubted.values()].some((run) => isOf(run)(seal))) return seal;
      return { ...seal, ...(seal.curveHeld === undefined ? {} : { curveHeld: null }), actual: null, verdict: null };
    });
  const [them, they] = size === 1 ? ['1 run holds', 'It counts'] : [`${size} runs hold`, 'They count'];
  const predictions = unsealed.length === 0 ? '' : ', and what was predicted from them is left out with its verdict';
  return {
    data: { ...data, runs, sealed },
    doubt: `${them} losses of zero or below, which no model has: they were not computed. ${they} as failed${predictions}; train again to measure what is missing.`,
  };
}
