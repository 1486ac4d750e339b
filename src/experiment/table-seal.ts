/** Sealing a prediction from a table of losses: the same hash and the same verdicts as those of an experiment's targets. */
import { InputError } from '../model/parse.ts';
import type { LossSeal } from '../scaling/loss-seal.ts';
import type { FitPoint, PredictedLoss } from '../scaling/width/report.ts';
import { hashOf, hashSeal, SEALED_LEVEL, sealProblem, verdictOf } from './seal.ts';

/** Exactly what the analyst saw of a point, in one order of x whatever the table's. */
function inputPoints(points: readonly FitPoint[]): LossSeal['points'] {
  return points
    .map(({ x, loss, standardError, seeds }) => ({
      x,
      loss,
      ...(standardError === undefined ? {} : { standardError }),
      ...(seeds === undefined ? {} : { seeds }),
    }))
    .sort((p, q) => p.x - q.x || p.loss - q.loss);
}

const hashInputs = ({ points, target, level }: Pick<LossSeal, 'points' | 'target' | 'level'>): string =>
  hashOf({ level, points, target });

/** @param sealedAt ISO 8601 */
export function sealFromTable(
  series: string | null,
  fitted: readonly FitPoint[],
  { x: target, loss, intervals }: PredictedLoss,
  sealedAt: string,
): LossSeal {
  const points = inputPoints(fitted);
  const level = SEALED_LEVEL;
  const [lo, hi] = intervals['80'];
  const inputsHash = hashInputs({ points, target, level });
  const seal = { series, target, sealedAt, inputsHash, points, level, loss, lo, hi, actual: null, verdict: null };
  return { ...seal, sealHash: hashSeal(seal) };
}

/** The loss that was measured, beside the prediction, which itself stays as it was; null takes it away again. */
export function revealFromTable(seal: LossSeal, actual: number | null): LossSeal {
  return { ...seal, actual, verdict: actual === null ? null : verdictOf(seal, actual) };
}

/** Whether a seal was made from exactly these points. */
export const isMadeFrom = (seal: LossSeal, fitted: readonly FitPoint[]): boolean =>
  hashInputs({ points: inputPoints(fitted), target: seal.target, level: seal.level }) === seal.inputsHash;

/** @throws InputError at the first seal whose hash is not that of its points, or whose verdict does not follow from its loss. */
export function checkTableSeals(seals: readonly LossSeal[]): void {
  for (const [i, seal] of seals.entries()) {
    const { target, inputsHash, actual, verdict } = seal;
    const problem = sealProblem(seal);
    if (problem) {
      const field = `sealed[${i}]`;
      throw new InputError(field, `${field}: the seal of x = ${target} ${problem}; take it as it was written.`);
    }
    if (hashInputs(seal) !== inputsHash) {
      const field = `sealed[${i}].inputsHash`;
      throw new InputError(
        field,
        `${field}: the seal of x = ${target} is not that of its points; take it as it was written.`,
      );
    }
    if (verdict !== (actual === null ? null : verdictOf(seal, actual))) {
      const field = `sealed[${i}].verdict`;
      throw new InputError(field, `${field}: the verdict on x = ${target} does not follow from the measured loss.`);
    }
  }
}
