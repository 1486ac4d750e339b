/** The learning rate's course under each schedule. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { scheduleFactor } from '../../../src/model/schedule.ts';
import type { Schedule } from '../../../src/model/recipe.ts';

const course = (schedule: Schedule, steps: number) =>
  Array.from({ length: steps }, (_, step) => scheduleFactor(schedule, step, steps));

describe('schedules', () => {
  test('warm up linearly, the first step already moving', () => {
    expect(course({ kind: 'constant', warmup: 4 }, 6)).toEqual([0.25, 0.5, 0.75, 1, 1, 1]);
    expect(course({ kind: 'constant', warmup: 0 }, 3)).toEqual([1, 1, 1]);
  });

  test('WSD holds, then falls linearly and ends one notch above zero', () => {
    const factors = course({ kind: 'wsd', warmup: 2, decay: 0.4 }, 10);
    [0.5, 1, 1, 1, 1, 1, 1, 0.75, 0.5, 0.25].forEach((expected, i) => expect(factors[i]).toBeCloseTo(expected, 12));
  });

  test('cosine falls from 1, half way at the middle, towards its final share', () => {
    const factors = course({ kind: 'cosine', warmup: 0, final: 0.2 }, 100);
    expect(factors[0]).toBe(1);
    expect(factors[50]).toBeCloseTo(0.6, 12);
    expect(factors[99]).toBeCloseTo(0.2, 3);
    expect(course({ kind: 'cosine', warmup: 10, final: 0 }, 110)[60]).toBeCloseTo(0.5, 12);
  });

  test('never leave (0, 1] while the final share is above zero, and never rise after the warm-up', () => {
    const warmup = fc.integer({ min: 0, max: 30 });
    const share = fc.double({ min: 0.01, max: 1, noNaN: true });
    const schedules = fc.oneof(
      fc.record({ kind: fc.constant('constant' as const), warmup }),
      fc.record({ kind: fc.constant('cosine' as const), warmup, final: share }),
      fc.record({ kind: fc.constant('wsd' as const), warmup, decay: share }),
    );
    fc.assert(
      fc.property(schedules, fc.integer({ min: 31, max: 80 }), (schedule, steps) => {
        const factors = course(schedule, steps);
        for (const factor of factors) expect(factor > 0 && factor <= 1).toBe(true);
        for (let step = schedule.warmup + 1; step < steps; step++) {
          expect(factors[step]).toBeLessThanOrEqual(factors[step - 1]);
        }
      }),
    );
  });
});
