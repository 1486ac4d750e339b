/** Sealed predictions: an interval frozen together with the hash of all that it was made from. */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { Recipe } from '../model/experiment.ts';
import type { RunResult, SealedPrediction } from '../model/result.ts';
import type { FitPoint, Prediction } from '../scaling/report.ts';

/** Level of the sealed interval. */
export const SEALED_LEVEL = 0.8;

/** Everything a prediction is made from, and nothing else. */
export interface SealInputs {
  recipe: Recipe;
  points: FitPoint[];
  level: number;
  width: number;
}

/** JSON with the keys of every object in order and no spaces: one text for one value. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const entries = Object.entries(value)
    .filter(([, one]) => one !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, one]) => `${JSON.stringify(key)}:${canonicalJson(one)}`).join(',')}}`;
}

/** SHA-256, in hex, of the canonical JSON of the inputs. */
export function hashInputs(inputs: SealInputs): string {
  // Not by SubtleCrypto, which a page served over plain http in a workshop's network does not have.
  return bytesToHex(sha256(utf8ToBytes(canonicalJson(inputs))));
}

export function sealPrediction(
  recipe: Recipe,
  points: FitPoint[],
  { x: width, loss, intervals }: Prediction,
): SealedPrediction {
  const [lo, hi] = intervals['80'];
  const inputsHash = hashInputs({ recipe, points, level: SEALED_LEVEL, width });
  const sealedAt = new Date().toISOString();
  return {
    recipe: recipe.name,
    width,
    sealedAt,
    inputsHash,
    loss,
    lo,
    hi,
    level: SEALED_LEVEL,
    actual: null,
    verdict: null,
  };
}

/** Sets the mean loss over the target's finished seeds beside the prediction, which itself stays as it was. */
export function reveal(sealed: SealedPrediction, runs: readonly RunResult[]): SealedPrediction {
  const losses = runs.flatMap((run) =>
    run.status === 'done' && run.finalEvalLoss !== null ? [run.finalEvalLoss] : [],
  );
  if (losses.length === 0) return { ...sealed, actual: null, verdict: null };
  const actual = losses.reduce((sum, one) => sum + one, 0) / losses.length;
  const verdict = actual > sealed.hi ? 'above' : actual < sealed.lo ? 'below' : 'inside';
  return { ...sealed, actual, verdict };
}

/** Why targets can be neither sealed nor trained, as an error at the rungs. */
export function noSeal(recipe: Recipe, points: number, widths: readonly number[]): { field: string; message: string } {
  const field = 'ladder.rungs';
  const have = points === 1 ? '1 rung has' : `${points} rungs have`;
  const what = widths.length === 1 ? `width ${widths[0]} is` : `widths ${widths.join(', ')} are`;
  return {
    field,
    message: `${field}: ${recipe.name} cannot be extrapolated, because a law needs at least 3 rungs with a loss and ${have} one; ${what} neither predicted nor trained.`,
  };
}
