/** Seals made from a table of losses: what their hash covers, and what a tampered one is told. */
import { describe, expect, test } from 'vitest';
import type { FitPoint, PredictedLoss } from '../../../src/scaling/width/report.ts';
import { hashOf, hashSeal } from '../../../src/experiment/seal.ts';
import {
  checkTableSeals,
  hashCurves,
  isMadeFrom,
  revealFromTable,
  sealFromTable,
} from '../../../src/experiment/table-seal.ts';

const points: FitPoint[] = [
  { x: 16, loss: 4, standardError: 0.125, seeds: 2 },
  { x: 8, loss: 4.5 },
  { x: 8, loss: 4.25, standardError: 0.5 },
];
const inOrder = [points[2], points[1], points[0]];
const prediction: PredictedLoss = {
  x: 64,
  loss: 3,
  intervals: { '50': [2.95, 3.05], '80': [2.9, 3.1], '95': [2.5, 3.5] },
};
const TIME = '2026-01-02T12:00:00.000Z';
const seal = sealFromTable('muP', points, prediction, TIME);

describe('a seal made from a table', () => {
  test('freezes the 80 % interval with its points in order and the hash of exactly what it was made from', () => {
    const { sealHash, ...rest } = seal;
    expect(rest).toEqual({
      ...{ series: 'muP', target: 64, sealedAt: TIME, points: inOrder, level: 0.8, loss: 3, lo: 2.9, hi: 3.1 },
      ...{ actual: null, verdict: null },
      inputsHash: hashOf({ level: 0.8, points: inOrder, target: 64 }),
    });
    expect(sealHash).toBe(hashSeal(rest));
    expect(Object.keys(seal.points[1])).toEqual(['x', 'loss']);
  });

  test('is of its points in any order of the table, and of no others', () => {
    for (const [a, b, c] of ['012', '021', '102', '120', '201', '210'].map((order) => [...order].map(Number))) {
      expect(isMadeFrom(seal, [points[a], points[b], points[c]])).toBe(true);
    }
    expect(isMadeFrom(seal, points.slice(1))).toBe(false);
    for (const change of [{ x: 17 }, { loss: 4.000001 }, { standardError: 0.12 }, { seeds: 3 }]) {
      expect(isMadeFrom(seal, [{ ...points[0], ...change }, points[1], points[2]])).toBe(false);
    }
    expect(isMadeFrom({ ...seal, target: 65 }, points)).toBe(false);
    expect(isMadeFrom({ ...seal, level: 0.9 }, points)).toBe(false);
  });

  test('of a law of x and tokens, or with a curve, has these in its hashes, and one without them has the hash of earlier versions', () => {
    const curve = { steps: [10, 20], loss: [4, 3], lo: [3.9, 2.9], hi: [4.1, 3.1] };
    const joint = points.map((point, i) => ({ ...point, tokens: 100 * (i + 1) }));
    const both = sealFromTable('muP', joint, prediction, TIME, { tokens: 1e6, curve });
    expect(both.inputsHash).toBe(
      hashOf({ level: 0.8, points: [joint[2], joint[1], joint[0]], target: 64, tokens: 1e6, curve }),
    );
    checkTableSeals([both]);
    expect(isMadeFrom(both, joint)).toBe(true);
    expect(isMadeFrom(both, points)).toBe(false);
    for (const change of [
      { tokens: 2e6 },
      { curve: { ...curve, hi: [4.1, 3.2] } },
      { points: both.points.map((point) => ({ ...point, tokens: 5 })) },
    ]) {
      const remade = { ...both, ...change };
      expect(() => checkTableSeals([remade])).toThrow(/tokens = \d+ is not what its hash says/);
      expect(() => checkTableSeals([{ ...remade, sealHash: hashSeal(remade) }])).toThrow(/is not that of its points/);
    }
    const short = { ...curve, lo: [3.9] };
    const cut = sealFromTable('muP', joint, prediction, TIME, { curve: short });
    expect(() => checkTableSeals([cut])).toThrow(/^sealed\[0\]\.curve: the curve of x = 64 is not whole/);
    expect(() => checkTableSeals([{ ...seal, curveHeld: 0.5 }])).toThrow(/\.curve: /);
  });

  test('takes the measured curve with the loss, and gives both up again', () => {
    const curve = { steps: [10, 20, 30, 40], loss: [4, 3, 2, 1], lo: [3.9, 2.9, 1.9, 0.9], hi: [4.1, 3.1, 2.1, 1.1] };
    const sealed = sealFromTable('muP', points, prediction, TIME, { curve });
    const measured = [0, 0.1].map((off) => ({ steps: [10, 20, 30], losses: [4, 3 + 4 * off, 2 + off] }));
    const revealed = revealFromTable(sealed, 3, measured);
    // Means over the seeds; the last window has no step yet.
    expect(revealed).toEqual({ ...sealed, actual: 3, verdict: 'inside', curveHeld: 2 / 3 });
    checkTableSeals([revealed]);
    expect(revealFromTable(sealed, 3).curveHeld).toBeNull();
    expect(revealFromTable(revealed, null)).toEqual(sealed);
    expect(revealFromTable(sealed, null, measured).curveHeld).toBeNull();
    expect(() => checkTableSeals([{ ...sealed, curveHeld: 1 }])).toThrow(/\.curve: /);
  });

  test('with a curve is of the curves it was made of, in any order of the seeds; one of earlier versions does not tell', () => {
    const curve = { steps: [10, 20], loss: [4, 3], lo: [3.9, 2.9], hi: [4.1, 3.1] };
    const [one, other] = [0, 0.1].map((off) => ({ steps: [10, 20], losses: [5 + off, 4] }));
    const curvesHash = hashCurves([{ x: 8, curves: [one, other] }]);
    expect(hashCurves([{ x: 8, curves: [other, one] }])).toBe(curvesHash);
    const changed = hashCurves([{ x: 8, curves: [other, other] }]);
    const made = sealFromTable('muP', points, prediction, TIME, { curve, curvesHash });
    checkTableSeals([made]);
    expect([curvesHash, changed, ''].map((hash) => isMadeFrom(made, points, hash))).toEqual([true, false, false]);
    const remade = { ...made, curvesHash: changed };
    expect(() => checkTableSeals([{ ...remade, sealHash: hashSeal(remade) }])).toThrow(/\.inputsHash: /);
    const earlier = sealFromTable('muP', points, prediction, TIME, { curve });
    checkTableSeals([earlier]);
    expect(isMadeFrom(earlier, points)).toBe(true);
    expect(Object.keys(earlier)).not.toContain('curvesHash');
  });

  test('with tokens or a curve is refused without its hash, which only seals of points alone once lacked', () => {
    const curve = { steps: [10, 20], loss: [4, 3], lo: [3.9, 2.9], hi: [4.1, 3.1] };
    for (const more of [{ curve }, { tokens: 1e6 }]) {
      const bare = { ...sealFromTable('muP', points, prediction, TIME, more), sealHash: undefined };
      expect(() => checkTableSeals([bare])).toThrow(/^sealed\[0\]: .* lacks the hash of what it predicts/);
    }
    checkTableSeals([{ ...seal, sealHash: undefined }]);
  });

  test.each([
    ['a band that does not hold its loss', { lo: [4.05, 2.9] }],
    ['a band upside down', { lo: [4.1, 2.9], hi: [3.9, 3.1] }],
    ['steps that descend', { steps: [20, 10] }],
    ['a step twice', { steps: [10, 10] }],
  ])('whose curve has %s is refused, whatever its hashes', (_, change) => {
    const curve = { steps: [10, 20], loss: [4, 3], lo: [3.9, 2.9], hi: [4.1, 3.1], ...change };
    const made = sealFromTable('muP', points, prediction, TIME, { curve });
    expect(() => checkTableSeals([made])).toThrow(/^sealed\[0\]\.curve: the curve of x = 64 is not whole/);
  });

  test('takes the measured loss with its verdict, and gives both up again', () => {
    const verdicts = [2.8, 2.9, 3.1, 3.2].map((actual) => revealFromTable(seal, actual).verdict);
    expect(verdicts).toEqual(['below', 'inside', 'inside', 'above']);
    expect(revealFromTable(seal, 3)).toEqual({ ...seal, actual: 3, verdict: 'inside' });
    expect(revealFromTable(revealFromTable(seal, 3), null)).toEqual(seal);
  });

  test('checks as it was made, and not once anything in it was changed', () => {
    const measured = revealFromTable(seal, 3);
    checkTableSeals([seal, measured]);
    const touched = { ...seal, hi: 3.2 };
    expect(() => checkTableSeals([seal, touched])).toThrow(
      /^sealed\[1\]: the seal of x = 64 is not what its hash says/,
    );
    const remade = { ...seal, target: 65 };
    expect(() => checkTableSeals([{ ...remade, sealHash: hashSeal(remade) }])).toThrow(
      /^sealed\[0\]\.inputsHash: the seal of x = 65 is not that of its points/,
    );
    for (const verdict of ['above', null] as const) {
      expect(() => checkTableSeals([{ ...measured, verdict }])).toThrow(/^sealed\[0\]\.verdict: .* does not follow/);
    }
    expect(() => checkTableSeals([{ ...seal, verdict: 'inside' }])).toThrow(/has a verdict and nothing measured/);
  });

  test('of a series whose name holds half a character is not made', () => {
    expect(() => sealFromTable('half \ud83d', points, prediction, TIME)).toThrow(
      'seal.series: "half \\ud83d" cannot be sealed, for it holds half a character.',
    );
  });
});
