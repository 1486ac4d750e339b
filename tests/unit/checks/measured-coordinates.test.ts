/** The coordinate check of activations from a table, against slopes computed otherwise. */
import { describe, expect, it } from 'vitest';
import { coordinatesOf } from '../../../src/checks/measured-coordinates.ts';
import type { ActivationMeasurement } from '../../../src/model/measurement.ts';
import { randomStream } from '../../../src/model/random.ts';

const WIDTHS = [64, 128, 256, 512];

/** Each module's size is a power of the width, from the first step on where no start is given. */
function measured(
  powers: Record<string, number>,
  { steps = [0, 1, 2, 3, 4, 5], seeds = [0], noise = 0, start = {} as Record<string, number> } = {},
): ActivationMeasurement[] {
  const random = randomStream(3, 'activations');
  return seeds.flatMap((seed) =>
    WIDTHS.flatMap((width) =>
      steps.flatMap((step) =>
        Object.entries(powers).map(([module, power]) => ({
          ...{ series: null, width, module, step, seed },
          value:
            0.5 * (width / 64) ** (step === 0 ? (start[module] ?? power) : power) * Math.exp(noise * random.normal()),
        })),
      ),
    ),
  );
}

/** Through the covariance, where the check solves for the coefficients of a polynomial. */
function slopeOf(points: readonly { width: number; value: number }[]): number {
  const mean = (of: (one: { width: number; value: number }) => number) =>
    points.reduce((sum, one) => sum + of(one), 0) / points.length;
  const [x0, y0] = [mean(({ width }) => Math.log2(width)), mean(({ value }) => Math.log2(value))];
  const covariance = mean(({ width, value }) => (Math.log2(width) - x0) * (Math.log2(value) - y0));
  return covariance / mean(({ width }) => (Math.log2(width) - x0) ** 2);
}

const found = (all: ActivationMeasurement[]) => coordinatesOf('A table', all);
const verdicts = (all: ActivationMeasurement[]) =>
  Object.fromEntries(found(all).modules.map(({ name, verdict }) => [name, verdict]));

describe('slopes', () => {
  it('are those of log value over log width at each step, the mean over seeds', () => {
    const all = measured({ attn: 0.3, mlp: -0.2 }, { seeds: [7, 8, 9], noise: 0.1 });
    for (const { name, slopes } of found(all).modules) {
      for (const [k, step] of [0, 1, 2, 3, 4, 5].entries()) {
        const of = (seed: number) =>
          slopeOf(
            all
              .filter((one) => one.module === name && one.step === step && one.seed === seed)
              .map(({ width, value }) => ({ width, value: value! })),
          );
        expect(slopes[k]).toBeCloseTo((of(7) + of(8) + of(9)) / 3, 10);
      }
    }
  });

  it('several values of one place count by their mean, as of the batches of a check', () => {
    const once = measured({ attn: 0.3 });
    // The wider, the more the two lie apart: neither of them alone has the slope of their mean.
    const twice = once.flatMap((one) => [
      { ...one, value: one.value! * (1 - one.width / 1024) },
      { ...one, value: one.value! * (1 + one.width / 1024) },
    ]);
    const [a, b] = [found(once).modules[0]!.slopes, found(twice).modules[0]!.slopes];
    a.forEach((slope, i) => expect(b[i]).toBeCloseTo(slope!, 10));
  });

  it('do not depend on the order of rows', () => {
    const all = measured({ attn: 0.3, mlp: 0 }, { seeds: [0, 1], noise: 0.05 });
    expect(
      found([...all].reverse())
        .modules.map(({ name, slopes }) => [name, slopes.map((one) => one!.toFixed(9))])
        .sort(),
    ).toEqual(
      found(all)
        .modules.map(({ name, slopes }) => [name, slopes.map((one) => one!.toFixed(9))])
        .sort(),
    );
  });
});

describe('verdicts', () => {
  it('flat, growing and shrinking modules are told, and the largest that grows is the culprit', () => {
    const all = measured({ embed: 0, attn: 0.5, mlp: 0.2, norm: -0.5 });
    expect(verdicts(all)).toEqual({ embed: 'flat', attn: 'grows', mlp: 'grows', norm: 'shrinks' });
    const { verdict, culprit, sentence } = found(all);
    expect([verdict, culprit]).toEqual(['broken', { module: 'attn', step: 0 }]);
    expect(sentence).toBe(
      'A table: attn grows as width^0.50 (and 2 more of 4 modules), from width 64 to 512, from step 0 on, with one seed.',
    );
  });

  it('holds where every module is flat', () => {
    const { verdict, sentence } = found(measured({ embed: 0, attn: 0.02, logits: 0.01 }, { seeds: [0, 1] }));
    expect(verdict).toBe('holds');
    expect(sentence).toBe('A table: from width 64 to 512 every module stays flat (largest |slope| 0.02).');
  });

  it('a readout whose random start shrinks breaks nothing, another module that shrinks does', () => {
    for (const name of ['logits', 'lm_head', 'output', 'decoder']) {
      const one = found(measured({ attn: 0, [name]: -0.3 }, { start: { [name]: -0.5 } }));
      expect([one.verdict, one.sentence.includes('the readout still shrinks as its random start does')], name).toEqual([
        'holds',
        true,
      ]);
    }
    expect(found(measured({ attn: 0, mlp: -0.3 }, { start: { mlp: -0.5 } })).verdict).toBe('broken');
  });

  it('what is late is judged from the third update on; before it, by the last step, and says so', () => {
    const rising = measured({ attn: 0, mlp: 0 }, { start: { mlp: 0.8 } });
    expect(verdicts(rising)).toEqual({ attn: 'flat', mlp: 'flat' });
    const early = found(measured({ attn: 0.5 }, { steps: [0, 1] }));
    expect([early.verdict, early.sentence.includes('judged at step 1, the last there is')]).toEqual(['broken', true]);
    const single = found(measured({ attn: 0 }, { steps: [1] }));
    expect(single.verdict).toBe('holds');
  });

  it('steps are told by their numbers, not by their places', () => {
    // Rows at 0, 100 and 200: the second is long after the third update.
    const { verdict, culprit } = found(measured({ attn: 0.5 }, { steps: [0, 100, 200] }));
    expect([verdict, culprit]).toEqual(['broken', { module: 'attn', step: 0 }]);
  });

  it('one width has no slope', () => {
    const { verdict, sentence } = found(measured({ attn: 0 }).filter(({ width }) => width === 64));
    expect([verdict, sentence]).toEqual(['unclear', 'A table: slopes need two widths, and the table has 1.']);
  });

  it('a module that is zero or not finite is silent, and nothing holds by it', () => {
    const all = measured({ attn: 0 }).map((one) => ({ ...one, value: one.width === 256 ? null : one.value }));
    expect(verdicts(all)).toEqual({ attn: 'silent' });
    expect(found(all).verdict).toBe('unclear');
  });
});
