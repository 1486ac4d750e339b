/** Sealing a prediction from a table of losses: the same hash and the same verdicts as those of an experiment's targets. */
import { assertCanonical } from '../model/canonical-json.ts';
import type { Curve } from '../model/measurement.ts';
import { InputError } from '../model/parse.ts';
import type { GhostCurve } from '../model/scaling-results.ts';
import type { LossSeal } from '../scaling/loss-seal.ts';
import { curveMeans, seedMeans, shareHeld } from '../scaling/width/curve-windows.ts';
import type { GhostRequest } from '../scaling/width/ghost.ts';
import type { FitPoint, PredictedLoss } from '../scaling/width/report.ts';
import { hashOf, hashSeal, SEALED_LEVEL, sealProblem, verdictOf } from './seal.ts';

/** A point as a law of x, or of x and tokens, sees it. */
type SealedPoint = FitPoint & { tokens?: number };
type Inputs = Pick<LossSeal, 'points' | 'target' | 'level' | 'tokens' | 'curve' | 'curvesHash'>;

/** Exactly what the analyst saw of a point, in one order of x whatever the table's. */
function inputPoints(points: readonly SealedPoint[]): LossSeal['points'] {
  return points
    .map(({ x, loss, tokens, standardError, seeds }) => ({
      x,
      loss,
      ...(tokens === undefined ? {} : { tokens }),
      ...(standardError === undefined ? {} : { standardError }),
      ...(seeds === undefined ? {} : { seeds }),
    }))
    .sort((p, q) => p.x - q.x || p.loss - q.loss || (p.tokens ?? 0) - (q.tokens ?? 0));
}

/** The hash of what a seal was made from. What is not there has no part in it, as in seals of earlier versions. */
export const tableInputsHash = ({ points, target, level, tokens, curve, curvesHash }: Inputs): string =>
  hashOf({ level, points, target, tokens, curve, curvesHash });

/** SHA-256, in hex, of the curves that a ghost curve is made of, in one order whatever the table's. @param rungs ascending */
export const hashCurves = (rungs: GhostRequest['rungs']): string =>
  hashOf(rungs.map(({ x, curves }) => ({ x, curves: curves.map(hashOf).sort() })));

/**
 * @param sealedAt ISO 8601
 * @param more the tokens of what is predicted, of a law of x and tokens; the training curve that is predicted with the loss, and the hash of what it was made of
 * @throws InputError where the series' name holds what the canonical JSON refuses.
 */
export function sealFromTable(
  series: string | null,
  fitted: readonly SealedPoint[],
  { x: target, loss, intervals }: PredictedLoss,
  sealedAt: string,
  more: Pick<LossSeal, 'tokens' | 'curve' | 'curvesHash'> = {},
): LossSeal {
  const points = inputPoints(fitted);
  const level = SEALED_LEVEL;
  const [lo, hi] = intervals['80'];
  const inputsHash = tableInputsHash({ points, target, level, ...more });
  const seal = {
    ...{ series, target, ...more, sealedAt, inputsHash, points, level, loss, lo, hi },
    ...(more.curve ? { curveHeld: null } : {}),
    ...{ actual: null, verdict: null },
  };
  assertCanonical(seal, 'seal');
  return { ...seal, sealHash: hashSeal(seal) };
}

/**
 * The loss that was measured, beside the prediction, which itself stays as it was; null takes it away again.
 * @param curves of what was measured, as far as they are known
 */
export function revealFromTable(seal: LossSeal, actual: number | null, curves: readonly Curve[] = []): LossSeal {
  const { curve } = seal;
  const measured = actual === null ? [] : curves;
  const held = curve && { curveHeld: shareHeld(curve, seedMeans(measured.map((one) => curveMeans(one, curve.steps)))) };
  return { ...seal, ...held, actual, verdict: actual === null ? null : verdictOf(seal, actual) };
}

/** Whether a seal was made from exactly these points, and where it tells the hash of its curves, from those of this hash. */
export const isMadeFrom = (seal: LossSeal, fitted: readonly SealedPoint[], curvesHash = seal.curvesHash): boolean =>
  tableInputsHash({ ...seal, points: inputPoints(fitted), curvesHash }) === seal.inputsHash;

/** @throws InputError at the first seal whose hash is missing or another, whose curve is none, or whose verdict does not follow from its loss. */
export function checkTableSeals(seals: readonly LossSeal[]): void {
  for (const [i, seal] of seals.entries()) {
    const { inputsHash, sealHash, actual, verdict, curve, curveHeld, tokens } = seal;
    // Seals of the versions that wrote no hash have neither.
    const isBare = sealHash === undefined && (curve !== undefined || tokens !== undefined);
    const problem = isBare ? 'lacks the hash of what it predicts' : sealProblem(seal);
    if (problem) {
      const field = `sealed[${i}]`;
      throw new InputError(field, `${field}: the seal of ${sealName(seal)} ${problem}; take it as it was written.`);
    }
    if (tableInputsHash(seal) !== inputsHash) {
      const field = `sealed[${i}].inputsHash`;
      throw new InputError(
        field,
        `${field}: the seal of ${sealName(seal)} is not that of its points; take it as it was written.`,
      );
    }
    if ((curve ? !isWhole(curve) : curveHeld !== undefined) || (actual === null && (curveHeld ?? null) !== null)) {
      const field = `sealed[${i}].curve`;
      throw new InputError(field, `${field}: the curve of ${sealName(seal)} is not whole; take it as it was written.`);
    }
    if (verdict !== (actual === null ? null : verdictOf(seal, actual))) {
      const field = `sealed[${i}].verdict`;
      throw new InputError(field, `${field}: the verdict on ${sealName(seal)} does not follow from the measured loss.`);
    }
  }
}

/** Whether a curve has a band around each of its losses, in windows that ascend. */
export const isWhole = ({ steps, loss, lo, hi }: GhostCurve): boolean =>
  [loss, lo, hi].every(({ length }) => length === steps.length) &&
  steps.every(
    (step, i) =>
      // No band reaches below 0, whatever the loss.
      (i === 0 || step > steps[i - 1]!) && lo[i]! <= Math.max(0, loss[i]!) && loss[i]! <= hi[i]!,
  );

/** What is predicted: `x = 64`. */
export const sealName = ({ target, tokens }: LossSeal): string =>
  tokens === undefined ? `x = ${target}` : `x = ${target}, tokens = ${tokens}`;
