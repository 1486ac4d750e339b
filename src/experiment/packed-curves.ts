/** Curves as a link carries them: a few means over windows of steps, in thousandths, each as the way from the one before. */
import { InputError } from '../model/parse.ts';
import type { RunResult } from '../model/result.ts';
import type { GhostCurve } from '../model/scaling-results.ts';
import { curveMeans, windowEnds } from '../scaling/width/curve-windows.ts';

type Steps = Pick<RunResult, 'steps' | 'trainLoss'>;
/** Whole numbers in turn; null where there is no loss. */
export type Walk = (number | null)[];

const PARTS = 1000;

/** The training curve as means over `points` windows, to a thousandth of a nat; a shorter one keeps its steps. */
export function thinnedCurve({ steps, trainLoss }: Steps, points: number): Steps {
  if (points === 0 || steps.length === 0) return { steps: [], trainLoss: [] };
  const ends = steps.length > points ? windowEnds(steps.at(-1)!, points) : [...steps];
  const means = curveMeans({ steps, losses: trainLoss.map((loss) => loss ?? NaN) }, ends);
  return { steps: ends, trainLoss: means.map(inParts) };
}

/** The same of a predicted curve: some of its windows. Marked, for it is no longer what was sealed. */
export function thinnedGhost({ steps, loss, lo, hi }: GhostCurve, points: number): GhostCurve {
  const every = Math.ceil(steps.length / points);
  const kept = (values: readonly number[]) => values.filter((_, i) => (values.length - 1 - i) % every === 0);
  const few = (values: readonly number[]) => kept(values).map((value) => inParts(value)!);
  return { steps: kept(steps), loss: few(loss), lo: few(lo), hi: few(hi), thinned: true };
}

export const packCurve = ({ steps, trainLoss }: Steps): [steps: Walk, losses: Walk] => [
  walk(steps),
  walk(trainLoss.map(whole)),
];

/** @throws InputError where the two are not as long as each other. */
export function unpackCurve([steps, losses]: readonly [Walk, Walk]): Steps {
  if (steps.length !== losses.length) throw new InputError('curves', 'A curve has not as many losses as steps.');
  return { steps: walked(steps).map(Number), trainLoss: walked(losses).map(part) };
}

export const packGhost = ({ steps, loss, lo, hi }: GhostCurve): Walk[] => [
  walk(steps),
  ...[loss, lo, hi].map((values) => walk(values.map(whole))),
];

export function unpackGhost([steps = [], loss = [], lo = [], hi = []]: readonly Walk[]): GhostCurve {
  const [middle, low, high] = [loss, lo, hi].map((values) => walked(values).map((value) => part(value) ?? NaN));
  return { steps: walked(steps).map(Number), loss: middle!, lo: low!, hi: high!, thinned: true };
}

const inParts = (loss: number): number | null => part(whole(loss));
const whole = (loss: number | null): number | null =>
  loss !== null && Math.abs(loss) < MOST ? Math.round(loss * PARTS) : null;
const part = (value: number | null): number | null => (value === null ? null : value / PARTS);

/** Losses of runs that have left for good say no more than that. */
const MOST = 1e6;

function walk(values: readonly (number | null)[]): Walk {
  let at = 0;
  return values.map((value) => {
    if (value === null) return null;
    const step = value - at;
    at = value;
    return step;
  });
}

function walked(steps: Walk): (number | null)[] {
  let at = 0;
  return steps.map((step) => (step === null ? null : (at += step)));
}
