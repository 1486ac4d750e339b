/** Seals made from a table of losses: what their hash covers, and what a tampered one is told. */
import { describe, expect, test } from 'vitest';
import type { FitPoint, PredictedLoss } from '../../../src/scaling/width/report.ts';
import { hashOf, hashSeal } from '../../../src/experiment/seal.ts';
import { checkTableSeals, isMadeFrom, revealFromTable, sealFromTable } from '../../../src/experiment/table-seal.ts';

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
});
