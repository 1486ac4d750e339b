import { expect, test } from 'vitest';
import { MOST_STEPS_PER_SUBMIT, Pace } from '../../../src/gpu/pace.ts';

test('short steps are gathered, at most doubling each time and never beyond the ring', () => {
  const pace = new Pace(48);
  const seen = Array.from({ length: 8 }, () => {
    pace.observe(pace.stepsPerSubmit, 0, 0.05 * pace.stepsPerSubmit);
    return pace.stepsPerSubmit;
  });
  expect(seen).toEqual([2, 4, 8, 16, 32, 64, 64, 64]);
  expect(MOST_STEPS_PER_SUBMIT).toBe(64);
  expect(pace.submitsPerStep).toBe(1);
});

test('a long step is cut into parts of about 20 ms, at most one per launch', () => {
  const pace = new Pace(48);
  pace.observe(1, 0, 200);
  expect([pace.stepsPerSubmit, pace.submitsPerStep]).toEqual([1, 10]);
  pace.observe(1, 0, 60_000);
  expect(pace.submitsPerStep).toBe(48);
});

test('waiting for a place means three submits share the time', () => {
  const pace = new Pace(48);
  pace.observe(1, 50, 180);
  expect(pace.submitsPerStep).toBe(3);
});
