import { describe, expect, test } from 'vitest';
import { randomStream } from '../../../src/model/random.ts';
import { curveMeans, seedMeans, shareHeld, windowEnds } from '../../../src/scaling/width/curve-windows.ts';
import { ghostCurves } from '../../../src/scaling/width/ghost.ts';

const STEPS = 300;
const RUNGS = [8, 12, 16, 24, 32];
const steps = Array.from({ length: STEPS }, (_, i) => i + 1);

/** Loss of a width at a step: all widths alike at first, then each falls towards its own end. */
const law = (width: number, step: number) =>
  2 + 3 * Math.exp(-step / 40) + (1 - Math.exp(-step / 60)) * 4 * width ** -0.7;

/** Runs on the same batches: a batch's own difficulty moves all of them, `noise` is each one's own. */
function curves(noise: number, seed = 1) {
  const random = randomStream(seed, 'ghost curves');
  const batches = steps.map(() => 0.1 * random.normal());
  return (width: number) => ({
    steps,
    losses: steps.map((step, i) => law(width, step) + batches[i]! + noise * random.normal()),
  });
}

describe('windows', () => {
  test('they are shorter at the start, cover all steps, and never outnumber them', () => {
    const ends = windowEnds(STEPS);
    expect(ends.at(-1)).toBe(STEPS);
    expect(ends).toEqual([...new Set(ends)].toSorted((p, q) => p - q));
    expect(ends[9]! - ends[8]!).toBeLessThan(ends.at(-1)! - ends.at(-2)!);
    expect(windowEnds(5)).toEqual([1, 2, 3, 4, 5]);
  });

  test('means are those of the steps within; a curve under way ends in NaN, a diverged step spoils its window', () => {
    const ends = [2, 5, 9];
    expect(curveMeans({ steps: [1, 2, 3, 4, 5], losses: [4, 2, 1, 1, 4] }, ends)).toEqual([3, 2, NaN]);
    expect(curveMeans({ steps: [1, 2, 3, 4, 5], losses: [4, NaN, 1, 1, 4] }, ends)).toEqual([NaN, 2, NaN]);
    expect(
      seedMeans([
        [1, NaN],
        [3, NaN],
      ]),
    ).toEqual([2, NaN]);
  });
});

test('without noise the ghost is the curve, whatever the batches do', () => {
  const of = curves(0);
  const rungs = RUNGS.map((x) => ({ x, curves: [of(x)] }));
  const [ghost] = ghostCurves({ rungs, steps: STEPS, targets: [64] });
  const measured = curveMeans(of(64), ghost!.steps);
  ghost!.loss.forEach((loss, i) => expect(Math.abs(loss - measured[i]!)).toBeLessThan(0.005));
  expect(shareHeld(ghost!, measured)).toBeGreaterThan(0.8);
});

test('with noise the band holds most of a new curve, and is no wider than it must be', () => {
  let held = 0;
  let width = 0;
  const count = 8;
  for (let seed = 0; seed < count; seed++) {
    const of = curves(0.03, 10 + seed);
    const rungs = RUNGS.map((x) => ({ x, curves: [of(x)] }));
    const [ghost] = ghostCurves({ rungs, steps: STEPS, targets: [48] });
    held += shareHeld(ghost!, curveMeans(of(48), ghost!.steps))! / count;
    width += ghost!.hi.reduce((sum, hi, i) => sum + hi - ghost!.lo[i]!, 0) / ghost!.hi.length / count;
  }
  expect(held).toBeGreaterThan(0.7);
  expect(held).toBeLessThan(0.97);
  expect(width).toBeLessThan(0.3);
});

test('diverged curves and unfinished rungs are left out; with fewer than three rungs there is no ghost', () => {
  const of = curves(0.01);
  const broken = { steps, losses: steps.map((step) => (step > 20 ? NaN : 3)) };
  const whole = RUNGS.map((x) => ({ x, curves: [of(x)] }));
  const [plain] = ghostCurves({ rungs: whole, steps: STEPS, targets: [64] });
  const withBroken = [...whole.map(({ x, curves }) => ({ x, curves: [...curves] })), { x: 40, curves: [broken] }];
  expect(ghostCurves({ rungs: withBroken, steps: STEPS, targets: [64] })[0]).toEqual(plain);
  expect(ghostCurves({ rungs: whole.slice(0, 2), steps: STEPS, targets: [64, 128] })).toEqual([null, null]);
  expect(
    shareHeld(
      plain!,
      plain!.steps.map(() => NaN),
    ),
  ).toBeNull();
});
