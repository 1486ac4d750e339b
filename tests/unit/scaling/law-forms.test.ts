import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fitReport } from '../../../src/scaling/width/fit.ts';
import { fitLaw } from '../../../src/scaling/width/law.ts';
import { excessAt, LAW_FORMS, lawsOf, secondAt } from '../../../src/scaling/width/law-forms.ts';
import { fitAt, lawPointsOf } from '../../../src/scaling/width/width-law.ts';
import { byParameters } from './published.ts';

const XS = [16, 24, 36, 54, 81, 121, 182];
const weightsOf = (loss: (x: number) => number, xs = XS) => {
  const laws = fitLaw(xs.map((x) => ({ x, loss: loss(x) }))).laws;
  return Object.fromEntries(laws.map(({ name, weight }) => [name, weight]));
};

describe('every form', () => {
  const form = fc.constantFrom(...LAW_FORMS);
  const b = fc.double({ min: 0.02, max: 4, noNaN: true });

  test('falls from the smallest x on, without end, and is 1 at the geometric mean', () => {
    fc.assert(
      fc.property(form, b, fc.double({ min: 0.3, max: 3, noNaN: true }), ({ bend }, b, half) => {
        const second = secondAt(bend, b, -half);
        expect(excessAt(b, second, 0)).toBeCloseTo(1, 12);
        const along = Array.from({ length: 60 }, (_, i) => excessAt(b, second, -half + (half * i) / 6));
        // Until it has fallen below what a double can tell from nothing.
        for (let i = 1; i < along.length && along[i]! > 1e-280; i++) expect(along[i]).toBeLessThan(along[i - 1]!);
      }),
    );
  });

  test('is found again exactly where the losses follow it', () => {
    fc.assert(
      fc.property(form, fc.double({ min: 0.1, max: 1.5, noNaN: true }), ({ bend }, b) => {
        const first = Math.log(XS[0]! / Math.exp(XS.reduce((sum, x) => sum + Math.log(x), 0) / XS.length));
        const second = secondAt(bend, b, first);
        const loss = (x: number) => 3 + 1.5 * excessAt(b, second, Math.log(x / XS[0]!) + first);
        const fit = fitAt(lawPointsOf(XS.map((x) => ({ x, loss: loss(x), weight: 1 }))), b, bend);
        expect(fit.c).toBeCloseTo(3, 9);
        expect(fit.amplitude).toBeCloseTo(1.5, 9);
        expect(fit.sse).toBeLessThan(1e-20);
      }),
      { numRuns: 50 },
    );
  });
});

test('the priors add up to one, and so do the weights', () => {
  expect(LAW_FORMS.reduce((sum, { prior }) => sum + prior, 0)).toBeCloseTo(1, 12);
  const { laws } = fitReport({ points: byParameters, targets: [], grid: [] });
  expect(laws.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1, 9);
  expect(laws.map(({ weight }) => weight)).toEqual(laws.map(({ weight }) => weight).toSorted((p, q) => q - p));
  expect(new Set(laws.map(({ name }) => name)).size).toBe(3);
});

test('weights are added up by name, most plausible first, and are no more than one by rounding', () => {
  const [power, slow, slower, , floorless] = LAW_FORMS;
  const weights = [0.15, 0.1, 0.45, 0.3];
  const mixed = [power!, slow!, slower!, floorless!].map((form, i) => ({ form, weight: weights[i]! }));
  const told = lawsOf(mixed).map(({ name, weight }) => [name, weight]);
  expect(told).toEqual([
    [slow!.name, 0.1 + 0.45],
    [floorless!.name, 0.3],
    [power!.name, 0.15],
  ]);
  expect(lawsOf([{ form: floorless!, weight: 1 + 1e-15 }]).map(({ weight }) => weight)).toEqual([1, 0, 0]);
});

test('losses of one form speak for it', () => {
  expect(weightsOf((x) => 3 + 4 * x ** -0.5)['power law']).toBeGreaterThan(0.9);
  expect(weightsOf((x) => 6 * x ** -0.1)['power law without a floor']).toBeGreaterThan(0.5);
  const slow = (x: number) => 3 + 1.5 * ((x / 16) ** -1 - 0.4 * (x / 16) ** -2);
  expect(weightsOf(slow)['power law with a correction']).toBeGreaterThan(0.9);
});

test('a note says so when another form than the width law is much more plausible', () => {
  const slow = XS.map((x) => ({ x, loss: 3 + 1.5 * ((x / 16) ** -1 - 0.4 * (x / 16) ** -2) }));
  expect(fitReport({ points: slow, targets: [], grid: [] }).notes.join(' ')).toContain(
    'speak for a power law with a correction',
  );
  const plain = XS.map((x) => ({ x, loss: 3 + 1.5 * (x / 16) ** -0.7 }));
  expect(fitReport({ points: plain, targets: [], grid: [] }).notes).toEqual([]);
});

test('the published table: the intervals of its backtest hold what they promise', () => {
  const rows = fitReport({ points: byParameters, targets: [], grid: [] }).backtest;
  const held = rows.filter(({ lo, hi, actual }) => lo <= actual && actual <= hi).length;
  expect(rows.length).toBe(28);
  expect(held).toBeGreaterThanOrEqual(21);
});
