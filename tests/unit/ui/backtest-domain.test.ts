import { expect, test } from 'vitest';
import { backtestDomain } from '../../../src/ui/law/backtest-domain.ts';

const row = (predicted: number, actual: number, lo: number, hi: number) => ({ predicted, actual, lo, hi });

test('whole intervals lie inside, with room around them', () => {
  const [lo, hi] = backtestDomain([row(4.18, 4.12, 4.0036, 4.218), row(4.2, 4.18, 4.13, 4.226)]);
  expect(lo).toBeLessThan(4.0036 - 0.01);
  expect(hi).toBeGreaterThan(4.226 + 0.01);
});

test('an endless interval is cut where it would press the others together', () => {
  const [lo, hi] = backtestDomain([row(4.2, 4.1, -50, Infinity), row(4.2, 4.15, 4.1, 4.3)]);
  expect([lo, hi].every(Number.isFinite)).toBe(true);
  expect(hi - lo).toBeLessThan(1);
});

test('a single prediction that was hit exactly shows its interval', () => {
  const [lo, hi] = backtestDomain([row(4, 4, 3.9, 4.1)]);
  expect(lo).toBeLessThan(3.9);
  expect(hi).toBeGreaterThan(4.1);
});
